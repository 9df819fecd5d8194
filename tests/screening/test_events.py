"""What of screening an event feed tells: to whoever may read the screenings all of it, to others nothing at all."""

from typing import Any

import httpx
import pytest

from services.chassis.serving import events
from tests.screening.campaigns.results import add_protocol, open_campaign, post
from tests.screening.screenings.made import CALLING, TYPICAL, act, add_campaign, add_screening
from tests.support.callers import OTHER_INSTITUTION, call_as
from tests.support.problems import assert_problem

URL = "/v1/screening/events"
OPERATOR, BARE = call_as("operator", counties=["*"]), call_as(scope="events:read", counties=["*"])
FOLLOWER = call_as(scope="events:read screening:read")
ELSEWHERE = call_as(scope="events:read screening:read", counties=["2401"])
EVERYWHERE = call_as(scope="events:read screening:read", counties=["*"])
NEIGHBOUR = call_as("early_screening_coordinator", counties=["2401"], institution=OTHER_INSTITUTION)
COLLEAGUE = call_as("early_screening_coordinator", subject="colleague")


async def feed(client: httpx.AsyncClient, headers: dict[str, str], **query: Any) -> Any:
    answer = await client.get(URL, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def walk(client: httpx.AsyncClient, headers: dict[str, str], limit: int) -> list[dict[str, Any]]:
    """Everything, so many at a time."""
    found: list[dict[str, Any]] = []
    cursor = "0"
    while (page := await feed(client, headers, after=cursor, limit=limit))["items"]:
        found, cursor = found + page["items"], page["next_cursor"]
    return found


async def screen_two_counties(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """A positive and a negative here, a positive elsewhere; one confirmed, one annulled."""
    here = [await add_screening(client, answers=answers) for answers in (CALLING, TYPICAL)]
    there = await add_screening(client, NEIGHBOUR, county_terc="2401", answers=CALLING)
    assert (await act(client, here[0], "confirm", {"consent_to_refer": True}, COLLEAGUE)).status_code == 200
    assert (await act(client, here[1], "annul", {"reason": "pomyłka"})).status_code == 200
    return [*here, there]


@pytest.mark.parametrize("headers", [OPERATOR, BARE])
@pytest.mark.parametrize("wanted", ["", "screening.screening.confirmed-positive", "screening.screening.annulled"])
async def test_screenings_leave_no_trace_in_the_feed_of_whoever_may_not_read_them(
    screening: httpx.AsyncClient, headers: dict[str, str], wanted: str
) -> None:
    await add_campaign(screening, "2469")
    before = await screening.get(URL, params={"type": wanted}, headers=headers)
    await screen_two_counties(screening)
    after = await screening.get(URL, params={"type": wanted}, headers=headers)
    assert after.content == before.content


async def test_between_two_events_that_an_operator_sees_nothing_is_counted(screening: httpx.AsyncClient) -> None:
    manager = call_as("programme_manager")
    for number, between in enumerate((0, 3)):
        code = {"code": f"FEED{number}", "name_pl": "Protokół", "name_en": "Protocol"}
        assert (await screening.post("/v1/screening/protocols", json=code, headers=manager)).status_code == 201
        for _ in range(between):
            await add_screening(screening)
    code = {"code": "FEED9", "name_pl": "Protokół", "name_en": "Protocol"}
    assert (await screening.post("/v1/screening/protocols", json=code, headers=manager)).status_code == 201
    told = await walk(screening, OPERATOR, 1)
    assert [(event["sequence"], event["type"]) for event in told] == [
        (str(number), "screening.protocol.created") for number in (1, 2, 3)
    ]


@pytest.mark.parametrize("step", [2, 10_000])
async def test_a_follower_of_a_county_sees_all_of_it_once_and_nothing_of_another(
    screening: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(events, "EVENTS_PER_STEP", step)
    first, second, there = await screen_two_counties(screening)
    told = {name: await walk(screening, headers, 2) for name, headers in (("here", FOLLOWER), ("there", ELSEWHERE))}
    of_first = ["scored", "confirmed", "confirmed-positive"]
    assert [event["type"].rpartition(".")[2] for event in told["here"] if first["id"] in event["subject"]] == of_first
    assert [event["type"].rpartition(".")[2] for event in told["here"] if second["id"] in event["subject"]] == [
        "scored",
        "annulled",
    ]
    assert [event["subject"] for event in told["there"]] == [f"screenings/{there['id']}"]
    for county, found in (("2469", told["here"]), ("2401", told["there"])):
        assert {event["countyterc"] for event in found} == {county}
        assert [event["sequence"] for event in found] == [str(number + 1) for number in range(len(found))]
    everything = await walk(screening, EVERYWHERE, 100)
    assert {event["id"] for event in everything} == {event["id"] for found in told.values() for event in found}


async def test_other_rights_make_another_feed_so_its_cursor_is_refused(screening: httpx.AsyncClient) -> None:
    await screen_two_counties(screening)
    cursor = (await feed(screening, FOLLOWER, limit=1))["next_cursor"]
    for others in (OPERATOR, BARE, ELSEWHERE, EVERYWHERE):
        refused = await screening.get(URL, params={"after": cursor}, headers=others)
        assert assert_problem(refused, 422, "validation-failed")["errors"][0]["code"] == "stale_cursor"
    assert (await feed(screening, FOLLOWER, after=cursor))["items"]


async def test_who_may_read_screenings_but_not_the_feed_reads_no_feed(screening: httpx.AsyncClient) -> None:
    refused = await screening.get(URL, headers=call_as(scope="screening:read"))
    assert assert_problem(refused, 403, "forbidden")["permission"] == "screening:events:read"


async def test_a_selection_is_told_to_each_county_its_own_and_how_many_they_were_to_nobody(
    screening: httpx.AsyncClient,
) -> None:
    campaign = await open_campaign(screening, await add_protocol(screening, "DEMO"), "project")
    place: dict[str, Any] = {"campaign_id": campaign, "implementer": "project", "answers": CALLING}
    for headers, county in ((COLLEAGUE, "2469"), (COLLEAGUE, "2469"), (NEIGHBOUR, "2401")):
        await add_screening(screening, headers, county_terc=county, **place)
    assert (await post(screening, f"/campaigns/{campaign}/selections", {}))["selected"] == 3
    kind = "screening.campaign.subjects-selected"
    told = [await feed(screening, headers, type=kind) for headers in (FOLLOWER, ELSEWHERE, EVERYWHERE, OPERATOR)]
    counties = [[event["countyterc"] for event in page["items"]] for page in told]
    assert counties == [["2469"], ["2401"], ["2401", "2469"], []]
    href = {"href": f"/v1/screening/campaigns/{campaign}/selections"}
    assert [event["data"] for event in told[2]["items"]] == [href, href]
