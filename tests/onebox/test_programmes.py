"""The programmes of training as the demo ships them, loaded through the API and counted there."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from onebox.access import mint_for
from onebox.demo import TRAINING_STAFF
from onebox.demo.api import Api, Made
from onebox.demo.programmes import CODES, programme, send_programmes
from tests.onebox.demo import announced, called, trusting
from tests.support.records import fetch

URL = "/v1/training"


@pytest.fixture
async def loaded(tmp_path: Path, racing_training: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Training with the programmes of the demo, sent twice."""
    with announced(tmp_path) as instance:
        async with trusting(instance, "training", racing_training) as client:
            apis = [Api(client, mint_for(instance, each), "training") for each in TRAINING_STAFF]
            assert await send_programmes(*apis) == ["TMW", "FERS", "MWM"]
            assert await send_programmes(*apis) == []
            client.headers.update(called(instance, "training_manager"))
            yield client


async def agreed(client: httpx.AsyncClient, code: str) -> Made:
    """The agreed version of a programme, as whoever trains reads it."""
    listed = (await client.get(f"{URL}/programmes/{code}/versions?state=agreed")).json()["items"]
    version: Made = (await client.get(f"{URL}/programmes/{code}/versions/{listed[0]['number']}")).json()
    return version


async def test_tmw_has_nine_modules_with_53_topics_for_groups_of_ten_source_002(loaded: httpx.AsyncClient) -> None:
    version = await agreed(loaded, "TMW")
    assert [len(each["topics"]) for each in version["modules"]] == [6, 6, 7, 10, 6, 5, 5, 5, 3]
    assert (version["totals"]["modules"], version["totals"]["topics"]) == (9, 53)
    assert (version["group_capacity"], version["attendance_percent"]) == (10, 80)
    # Two from each of 30 locations are six groups of ten: both make 60 people.
    place = (await loaded.get(f"{URL}/programmes/TMW")).json()
    assert place["trainees_per_location"] * 30 == version["group_capacity"] * 6 == 60


async def test_tmw_keeps_the_procedures_of_its_three_spheres_apart_source_002(loaded: httpx.AsyncClient) -> None:
    version = await agreed(loaded, "TMW")
    spheres = {each["number"]: each["sphere"] for each in version["modules"] if each["is_test_specific"]}
    assert spheres == {4: 1, 5: 2, 6: 3}
    assert version["totals"]["test_specific_modules"] == 3
    mixed = "SELECT count(*) FROM module_topics AS t JOIN programme_modules AS m ON m.id = t.module_id"
    assert await fetch(loaded, f"{mixed} WHERE t.is_test_specific <> m.is_test_specific") == [(0,)]
    assert {each["form"] for each in version["modules"]} == {"workshop_with_lecture"}


async def test_fers_has_five_modules_whose_outcomes_are_validated_source_003(loaded: httpx.AsyncClient) -> None:
    version = await agreed(loaded, "FERS")
    assert version["totals"]["modules"] == len(version["modules"]) == 5
    outcomes = [each for one in version["modules"] for each in one["outcomes"]]
    assert version["totals"]["outcomes"] == len(outcomes) == 10
    assert all(one["outcomes"] for one in version["modules"])
    assert all(each["criterion_pl"] and each["criterion_en"] and each["method"] for each in outcomes)
    place = (await loaded.get(f"{URL}/programmes/FERS")).json()
    assert (place["smallest_team"], place["largest_team"]) == (3, 4)
    assert (place["starts_on"], place["ends_on"]) == ("2023-05-01", "2026-12-31")


async def test_fers_was_reviewed_by_its_partner_and_consulted_source_003(loaded: httpx.AsyncClient) -> None:
    [partner] = (await loaded.get(f"{URL}/partners?programme=FERS")).json()["items"]
    shown = (await loaded.get(f"{URL}/partners/{partner['id']}")).json()
    # September 2016 to March 2022, with what ran at once counted once: five years and seven months.
    assert (shown["state"], shown["experience_months"]) == ("accepted", 67)
    reviews = (await loaded.get(f"{URL}/concept-reviews?programme=FERS")).json()["items"]
    assert {each["kind"] for each in reviews} == {"partner_review", "workshop_consultation"}
    decided = [one["state"] for each in reviews for one in each["recommendations"]]
    assert sorted(decided) == ["accepted", "accepted", "rejected"]
    assert (await agreed(loaded, "FERS"))["client_agreed_by"] != (await agreed(loaded, "FERS"))["contractor_agreed_by"]


async def test_mwm_met_four_kinds_of_coordinators_for_356_hours_or_more_source_000(loaded: httpx.AsyncClient) -> None:
    version = await agreed(loaded, "MWM")
    assert [each["code"] for each in version["modules"]] == ["KWM", "KIK", "KBWWR", "KBU"]
    place = (await loaded.get(f"{URL}/programmes/MWM")).json()
    assert (place["enrolment_rule"], place["starts_on"]) == ("coordinators", "2022-09-01")
    hours = (await loaded.get(f"{URL}/hours?programme_id={place['id']}&at_least_hours=350")).json()
    # 115 hours in 2022; more than 241 in 2023: the sum is the least that it can be.
    sums = [(each["year"], each["hours"], each["qualifier"]) for each in hours["items"]]
    assert sorted(sums) == [(2022, "115.00", "exact"), (2023, "241.00", "lower_bound")]
    assert (hours["total"]["hours"], hours["total"]["qualifier"]) == ("356.00", "lower_bound")
    assert hours["threshold"]["verdict"] == "met"


@pytest.mark.parametrize("name", CODES)
def test_every_text_is_short_and_in_both_languages(name: str) -> None:
    version = programme(name)["version"]
    parts = [*version["modules"], *[each for one in version["modules"] for each in one["topics"] + one["outcomes"]]]
    for part in parts:
        polish = {field: text for field, text in part.items() if field.endswith("_pl")}
        assert polish
        for field, text in polish.items():
            english = part[field.removesuffix("pl") + "en"]
            assert 3 <= len(text) <= 120
            assert 3 <= len(english) <= 120
            assert text != english
