"""Instruments with decimal weights and values, scored by rational arithmetic (`fractions`) from their documents."""

import math
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.screening.instruments.published import LICENCE, cut, words

Facts = dict[str, Any]
DECIMALS = st.sampled_from([0.1, 0.2, 0.3, 0.7, 1.0, 1.1, 2.0, 0.05, 1.025, -0.3, 33.33, 123456789.123456, 1e-12])
WEIGHTS = st.sampled_from([0.1, 0.2, 0.7, 1.0, 1.0, 2.5, 0.333, 1000.0, 1e-9])
ROUNDINGS = ("none", "half_up", "half_even", "up", "down")


def fraction(value: float) -> Fraction:
    """The number as JSON writes it."""
    return Fraction(str(value))


@st.composite
def instruments(draw: st.DrawFn) -> Facts:
    count = draw(st.integers(2, 5))
    items = [draw(_items(number)) for number in range(count)]
    scales: list[Facts] = []
    for number in range(draw(st.integers(1, 3))):
        chosen = draw(st.lists(st.sampled_from(items), min_size=1, unique_by=lambda item: item["code"]))
        kind = draw(st.sampled_from(["sum", "mean", "max", "count_at_or_above", "lookup"]))
        scales.append(
            {
                "code": f"S{number}",
                "name": words("scale"),
                "kind": kind,
                "items": [
                    {"item": item["code"], "is_reversed": draw(st.booleans()), "weight": draw(WEIGHTS)}
                    for item in chosen
                ],
                "scales": [one["code"] for one in scales] if draw(st.booleans()) else [],
                "missing": {"min_answered": 1, "is_prorated": draw(st.booleans())},
                "rounding": draw(st.sampled_from(ROUNDINGS)),
                "decimals": draw(st.integers(0, 3)),
                "threshold": draw(DECIMALS) if kind == "count_at_or_above" else None,
                "table": [{"at_least": -1e9, "value": 0.1}, {"at_least": 0.3, "value": 0.7}]
                if kind == "lookup"
                else [],
            }
        )
    form = {"code": "F", "title": words("F"), "age_from": 0, "age_to": 72, "informants": ["parent"]}
    form |= {"items": [item["code"] for item in items], "scales": [scale["code"] for scale in scales]}
    document = {"format": "splot-instrument/1", "title": words("made"), "licence": LICENCE, "items": items}
    edges = [cut(scale["code"], draw(st.sampled_from([0.3, 0.6, 1.03, 2.1]))) for scale in scales]
    return document | {"scales": scales, "forms": [form], "cut_offs": edges}


@st.composite
def _items(draw: st.DrawFn, number: int) -> Facts:
    kind = draw(st.sampled_from(["ordinal", "multi_select", "number"]))
    item: Facts = {"code": f"Q{number}", "type": kind}
    if kind == "number":
        return item | {"minimum": 0.0, "maximum": draw(st.sampled_from([3.3, 1e9]))}
    values = draw(st.lists(DECIMALS, min_size=2, max_size=4))
    return item | {"options": [{"code": str(place), "value": value} for place, value in enumerate(values)]}


@st.composite
def answers(draw: st.DrawFn, document: Facts) -> Facts:
    given: Facts = {}
    for item in document["items"]:
        codes = [option["code"] for option in item.get("options", [])]
        answer: st.SearchStrategy[Any] = st.sampled_from([0, 1, 0.1, 0.3, 1.7, 2.123456789])
        if item["type"] == "ordinal":
            answer = st.sampled_from(codes)
        if item["type"] == "multi_select":
            answer = st.lists(st.sampled_from(codes), unique=True)
        given[item["code"]] = draw(st.none() | answer)
    return {code: answer for code, answer in given.items() if answer is not None}


def figures(document: Facts, given: Facts) -> dict[str, Fraction | None]:
    """The raw score of each scale."""
    items = {item["code"]: item for item in document["items"]}
    found: dict[str, Fraction | None] = {}
    for scale in document["scales"]:
        terms: list[tuple[Fraction, Fraction | None]] = []
        for part in scale["items"]:
            value, (low, high) = _value(items[part["item"]], given.get(part["item"])), _ends(items[part["item"]])
            if value is not None and part["is_reversed"]:
                value = low + high - value
            terms.append((fraction(part["weight"]), value))
        terms += [(Fraction(1), found[code]) for code in scale["scales"]]
        found[scale["code"]] = _figure(scale, terms)
    return found


def _value(item: Facts, answer: Any) -> Fraction | None:
    if answer is None:
        return None
    values = {option["code"]: fraction(option["value"]) for option in item.get("options", [])}
    if isinstance(answer, list):
        return sum((values[code] for code in answer), Fraction(0))
    return values[answer] if values else fraction(answer)


def _ends(item: Facts) -> tuple[Fraction, Fraction]:
    values = [fraction(option["value"]) for option in item.get("options", [])]
    if item["type"] == "multi_select":
        return sum((v for v in values if v < 0), Fraction(0)), sum((v for v in values if v > 0), Fraction(0))
    return (min(values), max(values)) if values else (fraction(item["minimum"]), fraction(item["maximum"]))


def _figure(scale: Facts, terms: list[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    known = [(weight, value) for weight, value in terms if value is not None]
    if not known:
        return None
    points = [weight * value for weight, value in known]
    if scale["kind"] == "count_at_or_above":
        points = [weight * (value >= fraction(scale["threshold"])) for weight, value in known]
    of_known, of_all = sum(weight for weight, _ in known), sum(weight for weight, _ in terms)
    total = sum(points, Fraction(0))
    if scale["kind"] == "mean":
        total /= of_known
    elif scale["kind"] == "max":
        total = max(points)
    elif scale["missing"]["is_prorated"]:
        total *= Fraction(of_all) / of_known
    figure = rounded(total, scale["rounding"], scale["decimals"])
    if scale["kind"] != "lookup":
        return figure
    reached = [fraction(row["value"]) for row in scale["table"] if fraction(row["at_least"]) <= figure]
    return reached[-1] if reached else None


def rounded(value: Fraction, rounding: str, decimals: int) -> Fraction:
    """By the words of the format: half up is the floor of half a step more."""
    shifted = value * 10**decimals
    steps = {
        "none": shifted,
        "half_up": math.floor(shifted + Fraction(1, 2)),
        "half_even": round(shifted),
        "up": math.ceil(shifted),
        "down": math.floor(shifted),
    }
    return Fraction(steps[rounding], 1) * Fraction(1, 10**decimals)
