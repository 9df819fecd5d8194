"""Published scoring rules of free and licensed instruments, as definitions without any item: codes only."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.plans import Plan, compile_plan

LICENCE = {
    "holder": "the instrument's holder",
    "licence_id": "none",
    "items_redistributable": False,
    "electronic_use_allowed": False,
    "translation_allowed": False,
}


def words(text: str) -> dict[str, str]:
    return {"pl": text, "en": text}


def codes(prefix: str, numbers: Sequence[int], width: int = 2) -> list[str]:
    return [f"{prefix}{number:0{width}d}" for number in numbers]


def choice(code: str, options: Mapping[str, float | None], **more: Any) -> dict[str, Any]:
    shown = [{"code": option, "value": value} for option, value in options.items()]
    return {"code": code, "type": "ordinal", "options": shown, **more}


def graded(code: str, highest: int, lowest: int = 0) -> dict[str, Any]:
    return choice(code, {str(grade): float(grade) for grade in range(lowest, highest + 1)})


def scale(code: str, items: Sequence[str], *, turned: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    parts = [{"item": item, "is_reversed": item in turned} for item in items]
    return {"code": code, "name": words(code), "kind": "sum", "items": parts} | more


def bands(scale_code: str, *edges: tuple[str, float | None, str]) -> dict[str, Any]:
    shown = [{"code": code, "at_least": edge, "label": words(code), "outcome": out} for code, edge, out in edges]
    return {"scale": scale_code, "bands": shown}


def cut(scale_code: str, at: float) -> dict[str, Any]:
    return bands(scale_code, ("below", None, "negative"), ("at_or_above", at, "positive"))


def form(
    code: str, ages: tuple[int, int], definition: dict[str, Any], outcome: list[str], **more: Any
) -> dict[str, Any]:
    return {
        "code": code,
        "title": words(code),
        "age_from": ages[0],
        "age_to": ages[1],
        "informants": ["parent"],
        "items": [item["code"] for item in definition["items"]],
        "scales": [one["code"] for one in definition["scales"]],
        "outcome": {"scales": outcome},
    } | more


def plan_of(document: dict[str, Any]) -> Plan:
    return compile_plan(Definition.model_validate(document))


def whole(title: str, ages: tuple[int, int], outcome: list[str], **parts: Any) -> dict[str, Any]:
    document = {"format": "splot-instrument/1", "title": words(title), "licence": LICENCE, **parts}
    return document | {"forms": [form("F", ages, document, outcome)]}


def phq_9() -> dict[str, Any]:
    items = codes("PHQ9_", range(1, 10))
    edges = (("minimal", None), ("mild", 5.0), ("moderate", 10.0), ("moderately_severe", 15.0), ("severe", 20.0))
    tables = [(code, edge, "positive" if edge is not None and edge >= 10 else "negative") for code, edge in edges]
    return whole(
        "PHQ-9",
        (144, 1200),
        ["TOTAL"],
        items=[graded(item, 3) for item in items],
        scales=[scale("TOTAL", items)],
        cut_offs=[bands("TOTAL", *tables)],
        critical_items=[{"item": "PHQ9_09", "when": {"item": "PHQ9_09", "at_least": 1}, "text": words("item 9")}],
    )


def psc_17() -> dict[str, Any]:
    parts = {"I": (2, 6, 9, 11, 15), "A": (1, 3, 7, 13, 17), "E": (4, 5, 8, 10, 12, 14, 16)}
    return whole(
        "PSC-17",
        (48, 216),
        ["I", "A", "E", "T"],
        items=[graded(item, 2) for item in codes("PSC17_", range(1, 18))],
        scales=[
            *[scale(code, codes("PSC17_", numbers)) for code, numbers in parts.items()],
            {"code": "T", "name": words("T"), "kind": "sum", "scales": [*parts]},
        ],
        cut_offs=[cut("I", 5.0), cut("A", 7.0), cut("E", 7.0), cut("T", 15.0)],
    )


def mchat_r() -> dict[str, Any]:
    turned = {2, 5, 12}
    items = [
        choice(f"MCHATR_{number:02d}", {"yes": float(number in turned), "no": float(number not in turned)})
        for number in range(1, 21)
    ]
    return whole(
        "M-CHAT-R",
        (16, 31),
        ["TOTAL"],
        items=items,
        scales=[scale("TOTAL", [item["code"] for item in items])],
        cut_offs=[bands("TOTAL", ("low", None, "negative"), ("medium", 3.0, "positive"), ("high", 8.0, "positive"))],
        suggestions=[
            {"code": "refer", "text": words("refer"), "scale": "TOTAL", "bands": ["high"]},
            {"code": "follow_up", "text": words("follow up"), "scale": "TOTAL", "bands": ["medium"]},
            {"code": "rescreen", "text": words("again"), "scale": "TOTAL", "bands": ["low"], "age_to": 24},
        ],
    )


def sdq() -> dict[str, Any]:
    parts = {
        "E": (3, 8, 13, 16, 24),
        "C": (5, 7, 12, 18, 22),
        "H": (2, 10, 15, 21, 25),
        "P": (6, 11, 14, 19, 23),
        "PRO": (1, 4, 9, 17, 20),
    }
    turned = codes("SDQ_", (7, 11, 14, 21, 25))
    policy = {"missing": {"min_answered": 3, "is_prorated": True}, "rounding": "half_up"}
    edges = {"E": (4.0, 5.0), "C": (3.0, 4.0), "H": (6.0, 7.0), "P": (3.0, 4.0), "TOTAL": (14.0, 17.0)}
    return whole(
        "SDQ",
        (48, 204),
        ["TOTAL"],
        items=[graded(item, 2) for item in codes("SDQ_", range(1, 26))],
        scales=[
            *[scale(code, codes("SDQ_", numbers), turned=turned, **policy) for code, numbers in parts.items()],
            {"code": "TOTAL", "name": words("TOTAL"), "kind": "sum", "scales": ["E", "C", "H", "P"]},
        ],
        cut_offs=[
            bands(code, ("normal", None, "negative"), ("borderline", low, "negative"), ("abnormal", high, "positive"))
            for code, (low, high) in edges.items()
        ],
    )
