"""The child functioning modules (UNICEF and Washington Group): rules and codes without any text."""

from typing import Any

from tests.screening.instruments.published import bands, choice, cut, scale, whole, words

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
