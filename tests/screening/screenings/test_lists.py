"""Lists of screenings: whatever the caller's reach and filters, the same order, complete, page by page."""

from typing import Any

import httpx
import pytest

from services.chassis.data.texts import kept_text
from tests.screening.screenings.made import add_screening
from tests.support.callers import call_as

URL = "/v1/screening/screenings"
COUNTIES = ("2469", "2401", "0264", "1465")
EVERYWHERE = call_as("early_screening_coordinator", counties=["*"])
NAMED_TWICE = (COUNTIES[0], COUNTIES[0], COUNTIES[1])
IN_TURN = tuple(COUNTIES[number % 3] for number in range(11))


async def add_eleven(client: httpx.AsyncClient) -> None:
    """Eleven screenings of three counties, in turn."""
    for number, county in enumerate(IN_TURN):
        await add_screening(client, EVERYWHERE, county_terc=county, external_id=f"n{number}", source="list")


@pytest.fixture
async def screened(screening: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_eleven(screening)
    return screening


async def paged(client: httpx.AsyncClient, headers: dict[str, str], **query: Any) -> list[str]:
    """The external ids of all pages of two, in order."""
    numbers: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await client.get(URL, params={"limit": 2, **query, **cursor}, headers=headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        numbers += [item["external_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            return numbers
        cursor = {"cursor": page["next_cursor"]}


def newest_first(*counties: str) -> list[str]:
    """Which of the eleven are of these counties."""
    return [f"n{number}" for number, county in reversed([*enumerate(IN_TURN)]) if county in counties]


@pytest.mark.parametrize("own", [["*"], COUNTIES, COUNTIES[:2], COUNTIES[1:], COUNTIES[:1], COUNTIES[3:], []], ids=str)
@pytest.mark.parametrize("county_terc", [[], COUNTIES[:1], COUNTIES[:2], COUNTIES[1:4], NAMED_TWICE], ids=str)
async def test_pages_are_complete_and_in_order_for_every_reach_and_filter(
    screened: httpx.AsyncClient, own: list[str], county_terc: list[str]
) -> None:
    caller = call_as("early_screening_coordinator", counties=[*own])
    reached = [county for county in COUNTIES if own == ["*"] or county in own]
    expected = newest_first(*[county for county in reached if not county_terc or county in county_terc])
    query = {"county_terc": [*county_terc]} if county_terc else {}
    assert await paged(screened, caller, **query) == expected
    assert await paged(screened, caller, sort="created_at", **query) == expected[::-1]
    counted = await screened.get(URL, params=query, headers=caller | {"prefer": "count=exact"})
    assert counted.json()["total"] == len(expected)


async def test_a_record_is_asked_for_by_one_statement_whoever_of_one_county_asks(screened: httpx.AsyncClient) -> None:
    made = []
    for county in COUNTIES[:3]:
        caller = call_as("early_screening_coordinator", counties=[county])
        [newest, *_] = (await screened.get(URL, headers=caller)).json()["items"]
        answer = await screened.get(f"{URL}/{newest['id']}", headers=caller)
        assert answer.json()["external_id"] == newest["external_id"]
        made.append(kept_text.cache_info().misses)
    assert len({*made}) == 1


async def test_a_list_of_several_counties_is_had_as_a_file_too(racing_screening: httpx.AsyncClient) -> None:
    await add_eleven(racing_screening)
    caller = call_as("early_screening_coordinator", counties=[*COUNTIES[:2]])
    answer = await racing_screening.get(URL, params={"fields": "external_id"}, headers=caller | {"accept": "text/csv"})
    assert sorted(answer.text.split()[1:]) == sorted(newest_first(*COUNTIES[:2]))
