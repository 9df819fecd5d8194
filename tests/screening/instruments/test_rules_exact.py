"""Scores are decimal: both ways of scoring equal rational arithmetic, whatever the weights."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.screening.instruments.rules.consistency import contradictions
from services.screening.instruments.rules.decimals import exact, half_up
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.explanations import explain
from services.screening.instruments.rules.norms import NormDocument, Norms, compile_norms
from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.plans import compile_plan
from services.screening.instruments.rules.scoring import Result, ScaleResult, score
from services.screening.instruments.rules.vectors import score_many
from tests.screening.instruments.exactly import answers, figures, fraction, instruments
from tests.screening.instruments.published import LICENCE, cut, form, graded, scale, words

CHILD = Child(30, "female", "parent")
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def both(document: dict[str, Any], given: dict[str, Any], norms: Norms | None = None) -> Result:
    """The result of one child, the same by both ways."""
    definition = Definition.model_validate(document)
    assert contradictions(definition) == []
    plan = compile_plan(definition)
    one = score(plan, "F", given, CHILD, norms)
    assert score_many(plan, "F", [given, {}, given], [CHILD] * 3, norms)[::2] == [one, one]
    return one


def one_scale(weights: list[float], edge: float, **more: Any) -> dict[str, Any]:
    items = [graded(f"Q{number}", 5) for number in range(len(weights))]
    made = scale("S", [item["code"] for item in items], **more)
    for part, weight in zip(made["items"], weights, strict=True):
        part["weight"] = weight
    document = {"format": "splot-instrument/1", "title": words("made"), "licence": LICENCE, "items": items}
    document |= {"scales": [made], "cut_offs": [cut("S", edge)]}
    return document | {"forms": [form("F", (0, 72), document, ["S"])]}


def scored(document: dict[str, Any], given: dict[str, Any], norms: Norms | None = None) -> ScaleResult:
    return both(document, given, norms).scales[0]


@settings(max_examples=120, suppress_health_check=SLOW)
@given(st.data())
def test_scores_and_bands_of_decimal_instruments_are_those_of_rational_arithmetic(data: st.DataObject) -> None:
    document = data.draw(instruments())
    rows = data.draw(st.lists(answers(document), min_size=1, max_size=6))
    plan = compile_plan(Definition.model_validate(document))
    single = [score(plan, "F", row, CHILD, None) for row in rows]
    assert score_many(plan, "F", rows, [CHILD] * len(rows), None) == single
    edges = {one["scale"]: fraction(one["bands"][1]["at_least"]) for one in document["cut_offs"]}
    for result, row in zip(single, rows, strict=True):
        expected = figures(document, row)
        for one in result.scales:
            figure = expected[one.code]
            assert one.raw == (None if figure is None else float(figure))
            reached = None if figure is None else ("at_or_above" if figure >= edges[one.code] else "below")
            assert one.band == reached


@pytest.mark.parametrize(
    ("weights", "answered", "edge"),
    [([0.1, 0.2], "11", 0.3), ([0.7, 0.1], "11", 0.8), ([0.1] * 6, "111111", 0.6), ([1.1, 2.2], "11", 3.3)],
)
def test_weights_that_add_up_to_a_cut_off_are_on_its_upper_side(
    weights: list[float], answered: str, edge: float
) -> None:
    given = {f"Q{number}": code for number, code in enumerate(answered)}
    found = scored(one_scale(weights, edge), given)
    assert (found.raw, found.band, found.outcome) == (edge, "at_or_above", "positive")


@pytest.mark.parametrize(("value", "expected"), [(1.025, 1.03), (2.675, 2.68), (1.005, 1.01), (-1.005, -1.0)])
def test_half_up_rounds_the_decimal_and_not_the_float_beside_it(value: float, expected: float) -> None:
    assert half_up(exact(value), 2) == expected
    document = one_scale([1.0], 1.0, rounding="half_up", decimals=2)
    document["items"] = [{"code": "Q0", "type": "number", "minimum": -9.0, "maximum": 9.0}]
    assert scored(document, {"Q0": value}).raw == expected


def test_a_prorated_mean_of_tenths_is_exact_and_a_scale_of_means_adds_thirds_to_a_whole() -> None:
    document = one_scale([1.0, 1.0, 1.0], 0.9)
    document["scales"][0] |= {"kind": "mean", "missing": {"min_answered": 1}}
    document["scales"] += [scale(f"M{n}", ["Q0", "Q1", "Q2"], kind="mean") for n in range(2)]
    document["scales"] += [{"code": "T", "name": words("T"), "kind": "sum", "scales": ["S", "M0", "M1"]}]
    document["cut_offs"] += [cut("T", 1.0)]
    document["forms"] = [form("F", (0, 72), document, ["T"])]
    result = both(document, {"Q0": "0", "Q1": "0", "Q2": "1"})
    assert [one.raw for one in result.scales] == [1 / 3, 1 / 3, 1 / 3, 1]
    assert result.scales[3].band == "at_or_above"


def test_what_does_not_fit_into_64_bits_is_added_exactly_all_the_same() -> None:
    document = one_scale([1000.0, 1e-9], 1.0)
    document["items"] = [{"code": code, "type": "number", "minimum": 0.0, "maximum": 1e9} for code in ("Q0", "Q1")]
    found = scored(document, {"Q0": 999999999.999999, "Q1": 1e-9})
    assert found.raw == float(Fraction("999999999999.999") + Fraction(1, 10**18))


def test_options_ticked_together_reach_the_edge_of_a_condition_and_of_a_cut_off() -> None:
    document = one_scale([1.0], 0.3)
    values = {"a": 0.1, "b": 0.2, "c": 1, "d": 2}
    options = [{"code": code, "value": value} for code, value in values.items()]
    document["items"] = [{"code": "Q0", "type": "multi_select", "options": options}]
    when = {"item": "Q0", "at_least": 0.3, "at_most": 0.3}
    document["critical_items"] = [{"item": "Q0", "when": when, "is_positive": False}]
    result = both(document, {"Q0": ["a", "b"]})
    assert (result.scales[0].raw, result.scales[0].band, result.critical) == (0.3, "at_or_above", ("Q0",))


def norms(table: dict[str, Any], *cut_offs: dict[str, Any]) -> Norms:
    document = {"title": words("N"), "norms": [{"scale": "S", **table}], "cut_offs": [*cut_offs]}
    return compile_norms(NormDocument.model_validate(document), "N")


def test_norms_are_looked_up_and_transformed_in_decimals() -> None:
    document, given = one_scale([0.1, 0.2], 9.0), {"Q0": "1", "Q1": "1"}
    by_rows = norms({"rows": [{"at_least": 0.0, "t": 40.0}, {"at_least": 0.3, "t": 60.0}]})
    assert scored(document, given, by_rows).norms == (1.0, 60.0, 8, 7, 84.13, None, None)
    # (0.3 − 0.1) / 0.8 = 0.25: sten 5.5 + 0.5 is 6, stanine 5 + 0.5 is rounded up to 6.
    found = scored(document, given, norms({"mean": 0.1, "sd": 0.8}, cut("S", 0.25) | {"metric": "z"}))
    assert found.norms is not None
    assert (found.norms[:4], found.band) == ((0.25, 52.5, 6, 6), "at_or_above")
    # (0.3 − 0) / 2 is −0.15 the other way round: T is 48.5, and never −0.0 where z is none.
    assert scored(document, given, norms({"mean": 0.3, "sd": 2.0})).norms == (0.0, 50.0, 6, 5, 50.0, None, None)


def test_people_read_a_score_rounded_half_up_and_a_large_one_in_full() -> None:
    document = one_scale([0.205, 1000.0, 1000.0, 0.05], 9.0)
    plan = compile_plan(Definition.model_validate(document))
    texts = [
        explain(plan, score(plan, "F", dict(zip(("Q0", "Q1", "Q2", "Q3"), given, strict=True)), CHILD, None), "pl")[0]
        for given in ("5000", "0555")
    ]
    assert texts == ["S: wynik 1,03.", "S: wynik 10000,25."]
