"""The sample of a study by county: what adds up, and what is hidden so that nobody is told of by it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.study_runs.rules.sample import read_sample
from services.screening.study_runs.rules.sampling import SEXES, sampling_section
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
            **{
                "sex": ("female", "male")[n % 2],
                "age": 36 + n % 36,
                "criterion": ("positive", None)[n // 2 % 2],
            }
            | facts,
        )
        for n in range(number)
    ]


def girls(number: int) -> list[Facts]:
    return [one | {"subject": f"girl {n}"} for n, one in enumerate(children(SILESIAN, number, sex="female"))]


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
    rows = [*children(LOWER, 40), *children(LOWER, 20, criterion="undetermined")]
    assert by_county(sampled(rows))[LOWER]["with_criterion"] == 20


def test_ages_are_parted_as_the_campaign_parts_them() -> None:
    found = sampled(children(SILESIAN, 72), edges=[48])
    assert [band["subjects"] for band in by_county(found)[SILESIAN]["by_age"]] == [24, 48]


def numbers_of(county: Facts) -> list[int | None]:
    parts = [number["subjects"] for part in ("by_sex", "by_age") for number in county[part]]
    return [county["subjects"], county["with_criterion"], *parts]


def test_a_county_of_few_children_is_told_like_one_of_none_and_only_where_it_is_named() -> None:
    rows = [*children(SILESIAN, 72), *children(LOWER, 3)]
    assert [*by_county(sampled(rows))] == [SILESIAN]
    found = by_county(sampled(rows, counties=[SILESIAN, LOWER, LUBLIN]))
    few, nobody = found[LOWER], found[LUBLIN]
    assert {*numbers_of(few)} == {None}
    assert few["is_suppressed"]
    assert few | {"county_terc": LUBLIN} == nobody


def test_a_table_with_few_is_not_told_and_neither_is_one_of_all_alike() -> None:
    rows = [*girls(40), *children(SILESIAN, 3, sex="male")]
    for these in (rows, rows[:40]):
        county = by_county(sampled(these))[SILESIAN]
        assert {number["subjects"] for number in county["by_sex"]} == {None}
        assert (county["subjects"], county["is_suppressed"]) == (len(these), True)


@pytest.mark.parametrize(("of_campaign", "told"), [(144, 0.5), (77, 72 / 77), (72, 1.0), (None, None)])
def test_a_share_of_the_campaign_is_of_what_is_told_of_both(of_campaign: int | None, told: float | None) -> None:
    found = by_county(sampled(children(SILESIAN, 72), population={SILESIAN: of_campaign}))[SILESIAN]
    assert (found["campaign_subjects"], found["share_of_campaign"]) == (of_campaign, told)


def before(rows: list[Facts], **changes: Any) -> dict[str, list[Facts]]:
    """What an earlier run told of the counties."""
    return {name: [county] for name, county in by_county(sampled(rows, **changes)).items()}


def test_what_differs_by_few_from_what_was_told_of_the_county_is_not_told() -> None:
    rows = children(SILESIAN, 72)
    told = before(rows)
    assert numbers_of(by_county(sampled(rows, published=told))[SILESIAN]) == numbers_of(told[SILESIAN][0])
    assert by_county(sampled([*rows, *girls(4)], published=told)) == {}
    more = by_county(sampled([*rows, *children("2401", 7), *girls(9)], published=told))[SILESIAN]
    assert more["subjects"] == 81
    assert [part["subjects"] for part in more["by_sex"]] == [45, 36, 0]
    boy = {**children(SILESIAN, 1)[0], "subject": "boy", "sex": "male"}
    one = by_county(sampled([*rows, *girls(9), boy], published=told))[SILESIAN]
    assert {part["subjects"] for part in one["by_sex"]} == {None}


def test_ages_are_not_told_by_other_bands_than_before() -> None:
    rows = children(SILESIAN, 72)
    county = by_county(sampled(rows, published=before(rows, edges=[40, 60])))[SILESIAN]
    assert {band["subjects"] for band in county["by_age"]} == {None}
    assert county["subjects"] == 72


@given(
    numbers=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    small_cell=st.integers(5, 12),
    every=st.integers(1, 5),
    later=st.integers(0, 30),
)
def test_no_small_number_is_told_and_none_changes_by_few(
    numbers: list[int], small_cell: int, every: int, later: int
) -> None:
    rows = [
        one | {"criterion": "negative" if place % every else None}
        for county, number in zip((f"{code:04}" for code in range(2401, 2460)), numbers, strict=False)
        for place, one in enumerate(children(county, number))
    ]
    told = before(rows[later:], small_cell=small_cell)
    for name, county in by_county(sampled(rows, small_cell=small_cell, published=told)).items():
        earlier = [numbers_of(one) for one in told.get(name, [])]
        for now, *was in zip(numbers_of(county), *earlier, strict=True):
            steps = [abs(now - one) for one in was if now is not None and one is not None]
            assert not [number for number in (now or 0, *steps) if 0 < number < small_cell]
