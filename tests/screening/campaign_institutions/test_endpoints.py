"""Each institution's funnel, to who may read its screenings and to nobody else."""

import uuid
from typing import Any

import httpx

from tests.screening.campaigns.results import add_protocol, open_campaign
from tests.screening.screenings.made import CALLING, TYPICAL, Made, act, add_screening
from tests.support.callers import OWN_INSTITUTION, call_as
from tests.support.problems import assert_problem

URL = "/v1/screening/campaigns"
SCHOOL = str(uuid.UUID(int=5))
EVERYWHERE = call_as("early_screening_coordinator", counties=["2469", "2401"])


async def screened(client: httpx.AsyncClient, campaign: str, institution: str | None, **facts: Any) -> Made:
    place = {"campaign_id": campaign, "implementer": "project", "institution_id": institution}
    return await add_screening(client, EVERYWHERE, **(place | facts))


async def steps(client: httpx.AsyncClient, campaign: str, headers: dict[str, str], query: str = "") -> Made:
    answer = await client.get(f"{URL}/{campaign}/institutions{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    told: Made = answer.json()
    return told


def numbers(told: Made) -> dict[tuple[str, str | None], tuple[int, ...]]:
    names = ("started", "complete", "positive", "selected", "stage_two_complete")
    return {(one["county_terc"], one["institution_id"]): tuple(one[name] for name in names) for one in told["items"]}


async def test_a_coordinator_sees_every_institution_of_her_counties_and_others_none(
    screening: httpx.AsyncClient,
) -> None:
    campaign = await open_campaign(screening, await add_protocol(screening, "DEMO"))
    first = await screened(screening, campaign, OWN_INSTITUTION, answers=CALLING)
    await screened(screening, campaign, OWN_INSTITUTION, answers=TYPICAL)
    await screened(screening, campaign, None)
    away = await screened(screening, campaign, SCHOOL, county_terc="2401")
    # Annulled, it is nobody's any more.
    await act(screening, away, "annul", {"reason": "pomyłka"}, EVERYWHERE)
    await screened(screening, campaign, SCHOOL, county_terc="2401", answers=CALLING)
    selected = await screening.post(f"{URL}/{campaign}/selections", json={}, headers=EVERYWHERE)
    assert selected.json()["selected"] == 2
    # Her stage two is done elsewhere: she is of where her first form was filled in.
    await screened(screening, campaign, SCHOOL, stage=2, subject_ref=first["subject_ref"], answers=CALLING)
    told = await steps(screening, campaign, EVERYWHERE)
    assert numbers(told) == {
        ("2401", SCHOOL): (1, 1, 1, 1, 0),
        ("2469", OWN_INSTITUTION): (2, 2, 1, 1, 1),
        ("2469", None): (1, 1, 0, 0, 0),
    }
    assert (told["in_all"]["started"], told["in_all"]["stage_two_positive"]) == (4, 1)
    own_county = call_as("early_screening_coordinator")
    assert {county for county, _ in numbers(await steps(screening, campaign, own_county))} == {"2469"}
    one = await steps(screening, campaign, EVERYWHERE, "?county_terc=2401")
    assert [*numbers(one)] == [("2401", SCHOOL)]
    refused = await screening.get(f"{URL}/{campaign}/institutions?county_terc=2401", headers=own_county)
    assert_problem(refused, 403, "outside-scope")
    # A screener counts whose forms are all her institution's: of the first child one is not.
    screener = call_as("screener", institution=OWN_INSTITUTION)
    assert numbers(await steps(screening, campaign, screener)) == {("2469", OWN_INSTITUTION): (1, 1, 0, 0, 0)}
    for role in ("programme_manager", "researcher", "county_coordinator"):
        asked = screening.get(f"{URL}/{campaign}/institutions", headers=call_as(role, counties=["*"]))
        assert_problem(await asked, 403, "forbidden")
