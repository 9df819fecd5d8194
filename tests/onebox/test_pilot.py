"""The pilot as it is generated: the numbers of the sources, counted in the files and bodies that are sent."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from stdnum.pl import regon

from onebox.pilot import cases, counties, institutions, meetings, screening, screenings, trainees
from services.casework.taken_cases.schemas import TakenCase

PLACES = {
    (county.terc, kind.type): f"01980000-0000-7000-8000-{number:06}{place:06}"
    for number, county in enumerate(counties.counties())
    for place, kind in enumerate(institutions.kinds_of(county))
}


def rows(content: bytes) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(content.decode()), delimiter=";")]


def all_cases() -> list[cases.Made]:
    return [case for county in counties.in_project() for case in cases.cases_of(county, PLACES)]


def test_105_counties_of_which_36_and_69_have_nothing_in_common_source_000() -> None:
    project, nurseries = [{each.terc for each in found()} for found in (counties.in_project, counties.with_nurseries)]
    assert (len(project), len(nurseries), len(project | nurseries)) == (36, 69, 105)
    units = rows(counties.territory_file())
    assert Counter(len(unit["WOJ"] + unit["POW"] + unit["GMI"] + unit["RODZ"]) for unit in units) == {
        2: 16,
        4: 105,
        7: 105,
    }
    # Beside Katowice none has a number that TERYT gives to a county.
    assert {int(terc[2:]) for terc in project | nurseries} - {69} <= set(range(51, 58))


def test_every_institution_has_a_number_of_its_own_that_can_be_right() -> None:
    listed = rows(institutions.institutions_file())
    assert len(listed) == 36 * len(institutions.KINDS) + 69
    numbers = [each["regon"] for each in listed]
    assert len({*numbers}) == len(numbers)
    assert all(regon.is_valid(number) for number in numbers)


def test_21944_children_and_8318_pupils_of_whom_2662_are_selected_source_000() -> None:
    early = rows(screenings.early_file(PLACES))
    by = Counter(each["implementer"] for each in early)
    assert by == {"project": 15_971, "nursery_association": 5_973}
    assert len({each["subject_ref"] for each in early}) == 21_944
    where = {name: {each["county_terc"] for each in early if each["implementer"] == name} for name in by}
    assert {name: len(found) for name, found in where.items()} == {"project": 36, "nursery_association": 69}
    pupils, again = (rows(screenings.pupils_file(PLACES, stage)) for stage in (1, 2))
    positive = {each["subject_ref"] for each in pupils if each["READ"] == "often"}
    by_hand = {*screenings.selected_by_hand()}
    assert (len(pupils), len(positive | by_hand), positive & by_hand) == (8_318, 2_662, set())
    assert {each["subject_ref"] for each in again} < positive | by_hand


def test_720_cases_20_in_each_of_36_counties_source_000() -> None:
    made = all_cases()
    assert [*Counter(case["county_terc"] for case in made).values()] == [20] * 36
    read = [TakenCase.model_validate(case) for case in made]
    assert all(case.reviews and case.plan.goals for case in read)
    children = {(case.child.given_name, case.child.family_name, case.child.born_on, case.county_terc) for case in read}
    assert len(children) == 720


def test_115_hours_of_meetings_in_2022_and_241_in_2023_source_000() -> None:
    found = [*meetings.meetings()]
    minutes = Counter[str]()
    for each in found:
        minutes[each["starts_at"][:4]] += each["minutes"]
    assert minutes == {"2022": 115 * 60, "2023": 241 * 60}
    days = [date.fromisoformat(each["starts_at"][:10]) for each in found]
    assert len({*days}) == len(days)
    assert all(day.weekday() < 5 for day in days)


def test_tmw_is_60_people_and_fers_150_by_sex_and_team_sources_002_and_003() -> None:
    tmw = rows(trainees.tmw_file({each.name: each.name for each in trainees.locations()}))
    assert {*Counter(each["group_code"] for each in tmw).values()} == {10}
    assert {*Counter(each["site_id"] for each in tmw).values()} == {2}
    assert (len(tmw), len({each["site_id"] for each in tmw})) == (60, 30)
    fers = rows(trainees.fers_file())
    assert Counter(each["sex"] for each in fers) == {"female": 105, "male": 45}
    assert [*Counter(each["authority_terc"] for each in fers).values()] == [3] * 50
    assert {each["group_code"] for each in fers} == {*trainees.FERS_GROUPS}


@pytest.mark.parametrize(
    "generated",
    [
        counties.territory_file,
        institutions.institutions_file,
        lambda: screenings.early_file(PLACES),
        lambda: screenings.pupils_file(PLACES, 2),
        all_cases,
        trainees.fers_file,
        screening.form,
    ],
)
def test_it_is_the_same_each_time(generated: Callable[[], object]) -> None:
    assert generated() == generated()
