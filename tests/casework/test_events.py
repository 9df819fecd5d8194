"""What of casework an event feed tells: what became of a county's cases, and of nobody who it is."""

import re
from typing import Any

import httpx
import pytest

from tests.casework.cases.made import consented, moved
from tests.casework.plans.made import active, case_with_team
from tests.support.callers import call_as
from tests.support.problems import assert_problem

URL = "/v1/casework/events"
FOLLOWER = call_as(scope="events:read casework:read")
ELSEWHERE = call_as(scope="events:read casework:read", counties=["2401"])
OPERATOR, BARE = call_as("operator", counties=["*"]), call_as(scope="events:read", counties=["*"])
ID_CODE_OR_NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z][a-z_]*|[0-9]{1,4}")


async def feed(client: httpx.AsyncClient, headers: dict[str, str], **query: Any) -> Any:
    answer = await client.get(URL, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_follower_of_a_county_sees_how_its_cases_go_and_nobody_elsewhere_does(
    casework: httpx.AsyncClient,
) -> None:
    case = await consented(casework)
    await moved(casework, case, "withdraw", reason="family_declined")
    told = [event["type"] for event in (await feed(casework, FOLLOWER))["items"]]
    assert told == [
        "casework.person.registered",
        "casework.person.registered",
        "casework.case.opened",
        "casework.consent.recorded",
        "casework.case.consented",
        "casework.case.withdrawn",
    ]
    assert (await feed(casework, ELSEWHERE))["items"] == []


@pytest.mark.parametrize("headers", [OPERATOR, BARE])
async def test_cases_leave_no_trace_in_the_feed_of_whoever_may_not_read_them(
    casework: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    before = await casework.get(URL, headers=headers)
    await active(casework, await case_with_team(casework))
    after = await casework.get(URL, headers=headers)
    assert after.content == before.content


async def test_an_event_names_addresses_and_codes_alone(casework: httpx.AsyncClient) -> None:
    await active(casework, await case_with_team(casework))
    events = (await feed(casework, FOLLOWER, limit=200))["items"]
    assert {event["countyterc"] for event in events} == {"2469"}
    for event in events:
        data = dict(event["data"])
        assert data.pop("href").startswith("/v1/casework/")
        told = [each for value in data.values() for each in (value if isinstance(value, list) else [value])]
        assert [each for each in told if each is not None and not ID_CODE_OR_NUMBER.fullmatch(str(each))] == [], event


async def test_who_may_read_cases_but_not_the_feed_reads_no_feed(casework: httpx.AsyncClient) -> None:
    refused = await casework.get(URL, headers=call_as(scope="casework:read"))
    assert assert_problem(refused, 403, "forbidden")["permission"] == "casework:events:read"
