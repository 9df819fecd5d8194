"""A programme's manager has the rule select in the whole country, and learns of no child by it."""

import httpx
import pytest

from tests.screening.campaign_releases.released import release, screened_campaign, told
from tests.screening.campaigns.results import ALL, URL
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch

MANAGER = call_as("programme_manager", counties=["*"])
COUNTIES = ("0219", "2401", "2469")


async def test_the_rule_selects_in_every_county_and_no_number_is_told_but_what_is_released(
    screening: httpx.AsyncClient,
) -> None:
    campaign, _ = await screened_campaign(screening, *COUNTIES, children=60)
    path = f"{URL}/campaigns/{campaign}/selections"
    made = await screening.post(path, json={}, headers=MANAGER)
    assert made.status_code == 200, made.text
    assert (made.json()["selected"], made.json()["already_selected"]) == (None, None)
    listed = (await screening.get(path, params={"limit": 200}, headers=ALL)).json()["items"]
    # A third of sixty is positive, and so selected by the rule, in each of three counties.
    assert {county: sum(one["county_terc"] == county for one in listed) for county in COUNTIES} == dict.fromkeys(
        COUNTIES, 20
    )
    assert {one["selected_by"] for one in listed} == {"programme_manager"}
    await release(screening, campaign)
    funnel = await told(screening, campaign, MANAGER, "funnel")
    assert (funnel["is_live"], funnel["in_all"]["complete"]) == (False, 180)
    records = "SELECT county_terc FROM audit_records WHERE action = 'select_subjects' ORDER BY county_terc"
    assert [row[0] for row in await fetch(screening, records)] == [*COUNTIES]


@pytest.mark.parametrize("counties", [["*"], ["2469"]])
async def test_a_manager_neither_lists_nor_names_nor_withdraws_children(
    screening: httpx.AsyncClient, counties: list[str]
) -> None:
    campaign, _ = await screened_campaign(screening, "2469", children=12)
    manager, path = call_as("programme_manager", counties=counties), f"{URL}/campaigns/{campaign}/selections"
    assert (await screening.post(path, json={}, headers=manager)).status_code == 200
    [one, *_] = (await screening.get(path, headers=ALL)).json()["items"]
    assert_problem(await screening.get(path, headers=manager), 403, "forbidden")
    by_hand = {"subjects": [one["subject_ref"]], "reason": "prośba"}
    refused = assert_problem(await screening.post(path, json=by_hand, headers=manager), 403, "forbidden")
    assert refused["permission"] == "screening:selections:select-by-hand"
    taking_back = screening.post(f"{path}/{one['id']}/withdraw", json={"reason": "x"}, headers=manager)
    assert_problem(await taking_back, 403, "forbidden")


async def test_a_manager_without_counties_selects_nowhere(screening: httpx.AsyncClient) -> None:
    campaign, _ = await screened_campaign(screening, "2469", children=12)
    path = f"{URL}/campaigns/{campaign}/selections"
    nowhere = call_as("programme_manager", counties=[])
    assert_problem(await screening.post(path, json={}, headers=nowhere), 403, "outside-scope")
