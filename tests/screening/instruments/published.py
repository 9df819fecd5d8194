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


DIFFICULTY = {"none": 1.0, "some": 2.0, "a_lot": 3.0, "cannot": 4.0}
YES_NO = {"yes": 1.0, "no": 0.0}


def with_aid(domain: str, aid: str, aided: str, plain: str) -> dict[str, Any]:
    """The item for those who use an aid, if they do; otherwise the plain one."""
    case = {"when": {"item": aid, "is_one_of": ["yes"]}, "item": aided}
    return {"code": domain, "name": words(domain), "kind": "rule", "cases": [case], "otherwise_item": plain}


def cfm_2_4(behaviour: dict[str, float | None]) -> dict[str, Any]:
    """Children of 2 to 4. `behaviour` maps the codes of a form to grades, by their labels."""
    plain = {"FINE_MOTOR": "CF11", "LEARNING": "CF14", "PLAYING": "CF15", "BEHAVIOUR": "CF16"}
    hard = ["a_lot", "cannot"]
    spoken = [{"item": code, "is_one_of": hard} for code in ("CF12", "CF13")]
    domains = [
        with_aid("SEEING", "CF1", "CF2", "CF3"),
        with_aid("HEARING", "CF4", "CF5", "CF6"),
        with_aid("WALKING", "CF7", "CF8", "CF10"),
        *[scale(code, [item]) for code, item in plain.items()],
        {
            "code": "COMMUNICATION",
            "name": words("COMMUNICATION"),
            "kind": "rule",
            "cases": [{"when": {"any_of": spoken}, "value": 3.0}],
            "otherwise": 1.0,
        },
    ]
    gates = {"CF2": ("CF1", "yes"), "CF3": ("CF1", "no"), "CF5": ("CF4", "yes"), "CF6": ("CF4", "no")}
    gates |= {"CF8": ("CF7", "yes"), "CF10": ("CF7", "no")}
    items = [choice(code, YES_NO) for code in ("CF1", "CF4", "CF7")]
    for code in ("CF2", "CF3", "CF5", "CF6", "CF8", "CF10", "CF11", "CF12", "CF13", "CF14", "CF15"):
        gate = gates.get(code)
        asked = {"asked_when": {"item": gate[0], "is_one_of": [gate[1]]}} if gate else {}
        items.append(choice(code, dict(DIFFICULTY), **asked))
    names = [domain["code"] for domain in domains]
    cuts = [cut(name, 5.0 if name == "BEHAVIOUR" else 3.0) for name in names]
    items.append(choice("CF16", behaviour))
    return whole("CFM 2-4", (24, 60), names, items=items, scales=domains, cut_offs=cuts)


def cfm_5_17() -> dict[str, Any]:
    """Children of 5 to 17."""
    plain: tuple[str, ...] = (
        "SELF_CARE",
        "UNDERSTOOD_AT_HOME",
        "UNDERSTOOD_OUTSIDE",
        "LEARNING",
        "REMEMBERING",
        "CONCENTRATING",
    )
    plain += ("CHANGE", "CONTROLLING", "FRIENDS", "SEEING", "HEARING")
    often = {"daily": 1.0, "weekly": 2.0, "monthly": 3.0, "yearly": 4.0, "never": 5.0}
    walking = {
        "code": "D_WALKING",
        "name": words("D_WALKING"),
        "kind": "rule",
        "cases": [{"when": {"item": "WALK_100", "is_one_of": ["a_lot", "cannot"]}, "item": "WALK_100"}],
        "otherwise_item": "WALK_500",
    }
    items = [choice(code, dict(DIFFICULTY)) for code in (*plain, "WALK_100")]
    gate = {"item": "WALK_100", "is_one_of": ["none", "some"]}
    items.append(choice("WALK_500", dict(DIFFICULTY), asked_when=gate))
    items += [choice(code, dict(often)) for code in ("ANXIETY", "DEPRESSION")]
    hard = [scale(f"D_{code}", [code]) for code in plain if not code.startswith("UNDERSTOOD")]
    spoken = [{"item": code, "is_one_of": ["a_lot", "cannot"]} for code in plain if code.startswith("UNDERSTOOD")]
    speech = {"code": "D_COMMUNICATION", "name": words("D"), "kind": "rule", "otherwise": 1.0}
    speech |= {"cases": [{"when": {"any_of": spoken}, "value": 3.0}]}
    moods = [scale(f"D_{code}", [code]) for code in ("ANXIETY", "DEPRESSION")]
    domains = [*hard, walking, speech, *moods]
    names = [one["code"] for one in domains]
    daily = [bands(one["code"], ("daily", None, "positive"), ("rarer", 2.0, "negative")) for one in moods]
    cuts = [cut(name, 3.0) for name in names if name not in {"D_ANXIETY", "D_DEPRESSION"}]
    return whole("CFM 5-17", (60, 216), names, items=items, scales=domains, cut_offs=[*cuts, *daily])
