"""Generated instruments and answers to them: every kind of item, condition, scale and policy."""

from typing import Any

from hypothesis import strategies as st

from tests.screening.instruments.published import LICENCE, bands, words

GRADES = st.sampled_from([-1.5, 0.0, 0.5, 1.0, 2.0, 3.0, 7.25])
KINDS = ("dichotomous", "ordinal", "frequency", "number", "multi_select", "icf_qualifier", "matrix", "text", "date")
INFORMANTS = ["parent", "teacher", "team"]


@st.composite
def items(draw: st.DrawFn, number: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    item: dict[str, Any] = {"code": f"Q{number}", "type": kind}
    if kind == "dichotomous":
        item["options"] = [{"code": "yes", "value": draw(GRADES)}, {"code": "no", "value": draw(GRADES)}]
    elif kind in {"ordinal", "frequency", "multi_select", "matrix"}:
        count = draw(st.integers(2, 5))
        item["options"] = [{"code": str(n), "value": draw(GRADES | st.none() if n else GRADES)} for n in range(count)]
    if kind == "matrix":
        item["rows"] = [{"code": "a"}, {"code": "b"}]
    if kind == "icf_qualifier":
        item["icf"] = [draw(st.sampled_from(["b1", "d450", "e310"]))]
    if kind == "number" and draw(st.booleans()):
        item |= {"minimum": 0.0, "maximum": draw(st.sampled_from([5.0, 10.0])), "is_whole": draw(st.booleans())}
    return item | {"no_answers": draw(st.lists(st.sampled_from(["not_observed", "refused"]), unique=True))}


def leaves(item: dict[str, Any]) -> list[str]:
    return [f"{item['code']}.{row['code']}" for row in item["rows"]] if "rows" in item else [item["code"]]


def known_codes(item: dict[str, Any]) -> list[str]:
    if item["type"] == "icf_qualifier":
        grades = [*"01234", "8", "9"]
        return grades + [f"+{grade}" for grade in range(5)] if item["icf"][0].startswith("e") else grades
    return [option["code"] for option in item.get("options", [])]


@st.composite
def conditions(draw: st.DrawFn, before: list[dict[str, Any]], depth: int = 2) -> dict[str, Any]:
    if depth and draw(st.integers(0, 2)) == 0:
        group = draw(st.sampled_from(["all_of", "any_of", "none_of"]))
        return {group: draw(st.lists(conditions(before, depth - 1), min_size=1, max_size=2))}
    item = draw(st.sampled_from(before))
    test: dict[str, Any] = {"item": draw(st.sampled_from(leaves(item)))}
    codes = known_codes(item)
    if bool(codes) and draw(st.booleans()):
        return test | {"is_one_of": draw(st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True))}
    return test | {draw(st.sampled_from(["at_least", "at_most"])): draw(GRADES)}


@st.composite
def scales(draw: st.DrawFn, number: int, asked: list[dict[str, Any]], before: list[str]) -> dict[str, Any]:
    kind = draw(st.sampled_from(["sum", "mean", "max", "count_at_or_above", "rule", "lookup"]))
    scored = [leaf for item in asked if item["type"] not in {"text", "date"} for leaf in leaves(item)]
    scale: dict[str, Any] = {"code": f"S{number}", "name": words(f"S{number}"), "kind": kind}
    scale |= {"rounding": draw(st.sampled_from(["none", "half_up", "half_even", "up", "down"]))}
    scale["decimals"] = draw(st.integers(0, 2))
    if kind == "rule":
        when = draw(st.lists(conditions(asked), min_size=1, max_size=3))
        cases: list[dict[str, Any]] = [{"when": one, "value": draw(st.none() | GRADES)} for one in when]
        if bool(scored) and draw(st.booleans()):
            cases[0] |= {"item": draw(st.sampled_from(scored))}
            scale["otherwise_item"] = draw(st.sampled_from(scored))
        return scale | {"cases": cases, "otherwise": draw(st.none() | GRADES)}
    chosen = draw(st.lists(st.sampled_from(scored), min_size=1, unique=True)) if scored else []
    weights = st.sampled_from([1.0, 0.1, 0.3, 2.0])
    # What is turned round has both ends, and no value when it is not asked.
    whole = [one for one in asked if "asked_when" not in one and {"maximum", "options", "icf"} & {*one}]
    turned = {leaf for item in whole for leaf in leaves(item) if draw(st.booleans())}
    scale["items"] = [{"item": leaf, "is_reversed": leaf in turned, "weight": draw(weights)} for leaf in chosen]
    scale["scales"] = draw(st.lists(st.sampled_from(before), unique=True)) if before and scored else []
    policies: list[dict[str, Any]] = [
        {},
        {"min_answered": draw(st.integers(1, 5))},
        {"min_share": draw(st.sampled_from([0.1, 0.5, 0.8]))},
    ]
    scale["missing"] = draw(st.sampled_from(policies)) | {"is_prorated": draw(st.booleans())}
    if kind == "count_at_or_above":
        scale["threshold"] = draw(GRADES)
    if kind == "lookup":
        scale["table"] = [{"at_least": 0.0, "value": 1.0}, {"at_least": 2.5, "value": draw(GRADES)}]
    return scale


def cut_offs(name: str) -> list[dict[str, Any]]:
    """Cut-offs that differ by sex and age."""
    return [
        bands(name, ("low", None, "negative"), ("high", edge, "positive"))
        | {"age_from": ages[0], "age_to": ages[1], "sex": sex}
        for ages, sex, edge in (((0, 36), "female", 1.0), ((0, 36), "male", 2.0), ((36, 72), None, 3.5))
    ]


@st.composite
def instruments(draw: st.DrawFn, *, always_asked: bool = False) -> dict[str, Any]:
    """`always_asked`: no item depends on what another one was answered."""
    asked: list[dict[str, Any]] = []
    for number in range(draw(st.integers(2, 7))):
        item = draw(items(number))
        if asked and not always_asked and draw(st.integers(0, 2)) == 0:
            item["asked_when"] = draw(conditions(asked))
            item["value_when_not_asked"] = draw(st.none() | st.just(0.0))
        asked.append(item)
    made: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 4))):
        scale = draw(scales(number, asked, [one["code"] for one in made]))
        if scale["kind"] == "rule" or scale["items"]:
            made.append(scale)
    names = [scale["code"] for scale in made]
    critical = draw(st.lists(st.sampled_from(asked), max_size=2))
    noted = [(leaves(item)[0], {"item": leaves(item)[0], "at_least": 2.0}) for item in critical]
    form = {"code": "F", "title": words("F"), "age_from": 0, "age_to": 72, "informants": INFORMANTS, "scales": names}
    form |= {"items": [item["code"] for item in asked]}
    form |= {"outcome": {"scales": names, "at_least": draw(st.integers(1, len(names)))}} if names else {}
    return {
        "format": "splot-instrument/1",
        "title": words("generated"),
        "licence": LICENCE,
        "items": asked,
        "scales": made,
        "forms": [form],
        "cut_offs": [table for name in names[:2] for table in cut_offs(name)],
        "critical_items": [{"item": item, "when": when, "is_positive": draw(st.booleans())} for item, when in noted],
        "suggestions": [{"code": "look", "text": words("look"), "outcomes": ["positive"]}],
    }


WRONG: st.SearchStrategy[Any] = st.sampled_from(["no such code", True, 99, -3, 2.5, [], ["0", "0"], {"a": 1}])


@st.composite
def answers(draw: st.DrawFn, document: dict[str, Any], *, faulty: bool) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for item in document["items"]:
        for leaf in leaves(item):
            given[leaf] = draw(st.none() | _right(item) | WRONG if faulty else st.none() | _right(item))
    if faulty and draw(st.booleans()):
        given[draw(st.sampled_from(["unheard_of", "not a code at all"]))] = 1
    return {leaf: answer for leaf, answer in given.items() if answer is not None or draw(st.booleans())}


def _right(item: dict[str, Any]) -> st.SearchStrategy[Any]:
    codes = known_codes(item)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "number": st.integers(0, 5),
        "text": st.just("told"),
        "date": st.just("2024-02-29"),
    }
    if item["type"] == "multi_select":
        return st.lists(st.sampled_from(codes), unique=True)
    choices = [*codes, *[int(code) for code in codes if code.isdigit()]]
    right = kinds.get(item["type"], st.sampled_from(choices or [""]))
    return st.one_of(right, st.sampled_from(item["no_answers"])) if item["no_answers"] else right
