"""Requests to plans and what stands in them."""

import uuid
from collections.abc import Callable

from tests.casework.cases import asks as cases
from tests.casework.plans.made import FAMILY_GOAL, RECOMMENDATION, STEP
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

PATHWAY: Made = {
    "code": "SPEECH",
    "title_pl": "Mowa",
    "title_en": "Speech",
    "steps": [{"key": "hearing", "title_pl": "Słuch", "title_en": "Hearing", "sector": "health", "offset_days": 14}],
}
_ON_PROPOSED = (
    *("get_plan", "get_plan_difference", "list_plan_reviews", "get_plan_document"),
    *("get_care_plan", "return_plan", "approve_plan"),
    *("get_goal", "get_recommendation", "get_plan_step", "get_plan_review"),
)
_ITEMS = {"goal": "goals", "recommendation": "recommendations", "step": "steps"}
_BODIES: dict[str, Made] = {"goal": FAMILY_GOAL, "recommendation": RECOMMENDATION, "step": STEP}


def _path(target: Target) -> str:
    return f"/plans/{target['plan']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A case with a draft that has a goal, a recommendation and a step, and a pathway.

    It is proposed where the family may ask: of a draft the team alone is told.
    """
    await cases.prepare(target, make)
    body = {"case_id": target["case"]["id"], "starts_on": "2026-01-01"}
    target.made["plan"] = await make("/plans", body)
    for name, address in _ITEMS.items():
        target.made[name] = await make(f"{_path(target)}/{address}", _BODIES[name])
    if target.is_for(*_ON_PROPOSED):
        target.made["plan"] = await make(f"{_path(target)}/propose", {}, target["plan"])
    target.made["pathway"] = await make("/pathways", PATHWAY)
    await cases.prepare(target, make)  # another case, for the plan that is drafted
    target.made["empty"] = target["case"]
    target.made["case"] = {"id": target["plan"]["case_id"]}
    target.made["person"] = {"id": target["plan"]["person_id"]}


def _related(target: Target, *, reads: bool) -> dict[str, str]:
    child, case = target["plan"]["person_id"], target["plan"]["case_id"]
    return {"team": f"{case} {child}"} | ({"guardian": child, "break_glass": child} if reads else {})


def _move(verb: str, body: Made | None = None, lacks: str = "state-conflict") -> Callable[[Target], Ask]:
    approves = {"guardian": True} if verb in {"approve", "return"} else {}
    team = verb not in {"activate", "complete"}
    return lambda target: Ask(
        "POST",
        f"{_path(target)}/{verb}",
        body,
        target["plan"],
        out_of_reach="plan-not-found",
        lacks=lacks,
        related=_related(target, reads=bool(approves)) if team else {},
    )


def _item(name: str, method: str, verb: str = "", body: Made | None = None) -> Callable[[Target], Ask]:
    return lambda target: Ask(
        method,
        f"{_path(target)}/{_ITEMS[name]}/{target[name]['id']}{verb}",
        body,
        target[name],
        out_of_reach="plan-not-found",
        lacks="state-conflict" if verb else "",
        related=_related(target, reads=False),
    )


def _add(name: str) -> Callable[[Target], Ask]:
    return lambda target: Ask(
        "POST",
        f"{_path(target)}/{_ITEMS[name]}",
        _BODIES[name],
        out_of_reach="plan-not-found",
        related=_related(target, reads=False),
    )


def _read(address: str) -> Callable[[Target], Ask]:
    return lambda target: Ask(
        "GET", f"{_path(target)}{address}", out_of_reach="plan-not-found", related=_related(target, reads=True)
    )


def _read_item(name: str) -> Callable[[Target], Ask]:
    return lambda target: _read(f"/{_ITEMS[name]}/{target[name]['id']}")(target)


_REVIEW: Made = {
    "held_on": "2026-06-01",
    "attainments": [{"goal_id": "01990000-0000-7000-8000-0000000000d1", "level": 0}],
    "conclusion": "continue",
}
_MANAGED = {"goal": "goal", "recommendation": "recommendation", "step": "plan_step"}
_VERBS: dict[str, tuple[str, str, Made]] = {
    "accept_recommendation": ("recommendation", "/accept", {}),
    "start_recommendation": ("recommendation", "/start", {}),
    "complete_recommendation": ("recommendation", "/complete", {}),
    "give_recommendation_up": ("recommendation", "/give-up", {"reason": "other"}),
    "tell_recommendation_effect": ("recommendation", "/tell-effect", {"effect": "full"}),
    "complete_plan_step": ("step", "/complete", {"done_on": "2026-01-02"}),
    "skip_plan_step": ("step", "/skip", {"reason": "x"}),
}
_PATCHES: dict[str, Made] = {"goal": {"weight": 2}, "recommendation": {"text": "x"}, "step": {"text": "x"}}

ASKS: Asks = {
    "list_plans": asks_to_read("/plans"),
    "draft_plan": lambda target: Ask(
        "POST",
        "/plans",
        {"case_id": target["empty"]["id"], "starts_on": "2026-01-01"},
        out_of_reach="case-not-found",
        related={"team": f"{target['empty']['id']} {target['empty']['person_id']}"},
    ),
    "get_plan": _read(""),
    "get_plan_difference": lambda target: _read(f"/differences/{target['plan']['id']}")(target),
    "list_plan_reviews": _read("/reviews"),
    # No draft has a review: whoever may read it is told that there is none.
    "get_plan_review": lambda target: _read(f"/reviews/{uuid.UUID(int=0)}")(target)._replace(lacks="review-not-found"),
    "get_plan_document": _read("/document?language=pl"),
    "record_review": lambda target: Ask(
        "POST",
        f"{_path(target)}/reviews",
        _REVIEW,
        out_of_reach="plan-not-found",
        lacks="state-conflict",
        related=_related(target, reads=False),
    ),
    "amend_plan": lambda target: Ask(
        "PATCH",
        _path(target),
        {"summary": "x"},
        target["plan"],
        out_of_reach="plan-not-found",
        related=_related(target, reads=False),
    ),
    "propose_plan": _move("propose", lacks=""),
    "return_plan": _move("return", {"reason": "x"}, lacks="does-not-act-for-child"),
    "approve_plan": _move("approve", {}, lacks="does-not-act-for-child"),
    "activate_plan": _move("activate"),
    "complete_plan": _move("complete"),
    **{f"add_{_MANAGED[name]}": _add(name) for name in _ITEMS},
    **{f"get_{_MANAGED[name]}": _read_item(name) for name in _ITEMS},
    **{f"amend_{_MANAGED[name]}": _item(name, "PATCH", "", _PATCHES[name]) for name in _ITEMS},
    **{f"remove_{_MANAGED[name]}": _item(name, "DELETE") for name in _ITEMS},
    **{name: _item(item, "POST", verb, body) for name, (item, verb, body) in _VERBS.items()},
    "list_pathways": asks_to_read("/pathways"),
    "get_pathway": asks_to_read(lambda target: f"/pathways/{target['pathway']['id']}"),
    "draft_pathway": lambda _: Ask("POST", "/pathways", PATHWAY),
    "amend_pathway": lambda target: Ask(
        "PUT",
        f"/pathways/{target['pathway']['id']}",
        {name: value for name, value in PATHWAY.items() if name != "code"},
        target["pathway"],
    ),
    "publish_pathway": lambda target: Ask(
        "POST", f"/pathways/{target['pathway']['id']}/publish", None, target["pathway"]
    ),
    "retire_pathway": lambda target: Ask(
        "POST", f"/pathways/{target['pathway']['id']}/retire", None, target["pathway"], lacks="state-conflict"
    ),
}
