"""Requests to the versions of a programme."""

from typing import Any

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.training.programmes import asks as programmes


def topic(code: str, *, test_specific: bool = False, **facts: Any) -> Made:
    """A topic of that code."""
    titles = {"title_pl": f"Temat {code}", "title_en": f"Topic {code}"}
    return {"code": code, **titles, "is_test_specific": test_specific} | facts


def outcome(code: str, **facts: Any) -> Made:
    """A learning outcome of that code."""
    texts = {"text_pl": f"Efekt {code}", "text_en": f"Outcome {code}"}
    criteria = {"criterion_pl": f"Kryterium {code}", "criterion_en": f"Criterion {code}"}
    return {"code": code, **texts, **criteria, "method": "task", "is_required": True} | facts


def module(code: str, *, topics: int = 2, test_specific: bool = False, **facts: Any) -> Made:
    """A module of that code with topics and one outcome."""
    return {
        "code": code,
        "title_pl": f"Moduł {code}",
        "title_en": f"Module {code}",
        "goal_pl": "Cel",
        "goal_en": "Goal",
        "form": "workshop",
        "minutes": 120,
        "is_test_specific": test_specific,
        "sphere": None,
        "topics": [topic(f"{code}.{each}", test_specific=test_specific) for each in range(1, topics + 1)],
        "outcomes": [outcome(f"{code}-A")],
    } | facts


def content(*modules: Made, **facts: Any) -> Made:
    """A version with these modules, or with a reusable one and one of the test."""
    both = [module("M1"), module("M2", test_specific=True, sphere=1)]
    return {"group_capacity": 10, "attendance_percent": 80, "modules": [*modules] or both} | facts


def path(target: Target, name: str = "draft") -> str:
    """The address of the version of that name."""
    return f"{programmes.path(target)}/versions/{target[name]['number']}"


async def prepare(target: Target, make: Make) -> None:
    """A programme with a draft, with a version that is proposed, and with one that is agreed."""
    await programmes.prepare(target, make)
    for name in ("draft", "proposed"):
        target.made[name] = await make(f"{programmes.path(target)}/versions", content())
    target.made["proposed"] = await make(f"{path(target, 'proposed')}/propose", {}, target["proposed"])


ASKS: Asks = {
    "list_programme_versions": asks_to_read(lambda target: f"{programmes.path(target)}/versions"),
    "draft_programme_version": lambda target: Ask("POST", f"{programmes.path(target)}/versions", content()),
    "get_programme_version": asks_to_read(path),
    "replace_programme_version": lambda target: Ask("PUT", path(target), content(module("M3")), target["draft"]),
    "copy_programme_version": lambda target: Ask("POST", f"{path(target)}/copy"),
    "propose_programme_version": lambda target: Ask("POST", f"{path(target)}/propose", None, target["draft"]),
    "retire_programme_version": lambda target: Ask(
        "POST", f"{path(target, 'proposed')}/retire", None, target["proposed"], lacks="state-conflict"
    ),
}
