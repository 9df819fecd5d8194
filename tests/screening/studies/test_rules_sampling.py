"""The sample of a study by county: what adds up, and what is hidden so that nobody is told of by it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.studies.rules.sample import read_sample
from services.screening.studies.rules.sampling import SEXES, sampling_section
from tests.screening.studies.population import Facts, definition, row, stream, task

ANSWERS = {"I01": "1"}
SILESIAN, LOWER, LUBLIN = "2469", "0219", "0619"


def children(county: str, number: int, **facts: Any) -> list[Facts]:
    """Children of a county: as many girls as boys, of 36 to 71 months, every second with a criterion."""
    return [
        row(
            ANSWERS,
            subject=f"{county} {n}",
            county=county,
            sex=("female", "male")[n % 2],
            age=36 + n % 36,
            **{"criterion": ("positive", None)[n // 2 % 2]} | facts,
        )
        for n in range(number)
    ]


def sampled(rows: list[Facts], **changes: Any) -> Facts:
    found: Facts = json.loads(json.dumps(sampling_section(read_sample(stream(task(definition(), **changes), rows)))))
    return found


def by_county(found: Facts) -> dict[str, Facts]:
    return {county["county_terc"]: county for county in found["counties"]}


def test_children_are_told_by_county_sex_year_of_age_and_criterion() -> None:
    found = sampled([*children(SILESIAN, 72), *children(LOWER, 144)])
    assert (found["n"], found["small_cell"], found["distinct_counties"]) == (216, 5, 2)
    county = by_county(found)[SILESIAN]
    assert (county["subjects"], county["is_suppressed"]) == (72, False)
    assert county["by_sex"] == [
        {"sex": sex, "subjects": number} for sex, number in zip(SEXES, (36, 36, 0), strict=True)
    ]
    assert county["by_age"] == [
        {"age_from": None, "age_below": 48, "subjects": 24},
        {"age_from": 48, "age_below": 60, "subjects": 24},
        {"age_from": 60, "age_below": None, "subjects": 24},
    ]
    assert (county["with_criterion"], county["share_with_criterion"]) == (36, 0.5)
    assert (county["campaign_subjects"], county["share_of_campaign"]) == (None, None)


def test_an_undetermined_criterion_is_none() -> None:
    rows = [*children(SILESIAN, 40), *children(LOWER, 40, criterion="undetermined")]
    assert by_county(sampled(rows))[LOWER]["with_criterion"] == 0


def test_ages_are_parted_as_the_campaign_parts_them() -> None:
    found = sampled(children(SILESIAN, 72), edges=[48])
    assert [band["subjects"] for band in by_county(found)[SILESIAN]["by_age"]] == [24, 48]


def test_a_county_of_few_children_is_hidden_and_not_alone() -> None:
    found = by_county(sampled([*children(SILESIAN, 72), *children(LOWER, 3), *children(LUBLIN, 40)]))
    hidden = [county for county in found if found[county]["subjects"] is None]
    assert hidden == [LOWER, LUBLIN]
    few = found[LOWER]
    assert few["is_suppressed"]
    assert {few["with_criterion"], few["share_with_criterion"], few["share_of_campaign"]} == {None}
    assert 3 not in [number["subjects"] for part in ("by_sex", "by_age") for number in few[part]]


@pytest.mark.parametrize(
    ("of_campaign", "told"), [(144, 0.5), (77, 72 / 77), (76, None), (73, None), (72, 1.0), (None, None)]
)
def test_a_share_of_the_campaign_tells_of_no_few_children_outside(of_campaign: int | None, told: float | None) -> None:
    found = by_county(sampled(children(SILESIAN, 72), population={SILESIAN: of_campaign}))[SILESIAN]
    assert (found["campaign_subjects"], found["share_of_campaign"]) == (of_campaign, told)


@given(
    numbers=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    small_cell=st.integers(2, 12),
    every=st.integers(1, 5),
)
def test_no_small_number_is_told_or_left_over(numbers: list[int], small_cell: int, every: int) -> None:
    rows = [
        one | {"criterion": "negative" if place % every else None}
        for county, number in zip((f"{code:04}" for code in range(2401, 2460)), numbers, strict=False)
        for place, one in enumerate(children(county, number))
    ]
    found = sampled(rows, small_cell=small_cell)
    for county in found["counties"]:
        parts = [[number["subjects"] for number in county[part]] for part in ("by_sex", "by_age")]
        told = [county["subjects"], county["with_criterion"], *parts[0], *parts[1]]
        assert not [number for number in told if number is not None and 0 < number < small_cell]
        for part in parts:
            assert part.count(None) != 1 or county["subjects"] is None
    hidden = [number for number, county in zip(numbers, found["counties"], strict=True) if county["subjects"] is None]
    assert sum(hidden) == 0 or sum(hidden) >= small_cell or sum(numbers) < small_cell
