"""The event feed: everything that was committed, once, in order, whenever it was committed."""

import asyncio
from typing import Any

import httpx
import pytest

from services.chassis.data.effects import Subject
from services.chassis.serving import events
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_institution, add_territory, app_of

URL = "/v1/registry/events"
READER = call_as("operator")


async def feed(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get(URL, params=query, headers=READER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


def told(page: dict[str, Any]) -> list[tuple[str, int]]:
    return [(event["subject"], event["subjectversion"]) for event in page["items"]]


async def test_a_transaction_that_commits_late_is_not_lost(racing_registry: httpx.AsyncClient) -> None:
    database = app_of(racing_registry).state.database
    async with database.change() as slow:
        connection = await slow.connection()
        await connection.exec_driver_sql(
            "INSERT INTO events (type, subject, subject_version, data, trace_id)"
            " VALUES ('registry.t', 'slow/1', 1, '{}', '0')"
        )
        async with database.change() as quick:
            quick.tell("t", Subject("quick/1", 1))
        first = await feed(racing_registry)
        assert told(first) == [("quick/1", 1)]
    second = await feed(racing_registry, after=first["next_cursor"])
    assert told(second) == [("slow/1", 1)]
    assert told(await feed(racing_registry)) == [("quick/1", 1), ("slow/1", 1)]


async def test_changes_of_one_subject_come_in_their_order(racing_registry: httpx.AsyncClient) -> None:
    await add_territory(racing_registry)
    made = [await add_institution(racing_registry, name=f"Szkoła {number}") for number in range(3)]

    async def change(one: dict[str, Any]) -> None:
        for version in range(1, 6):
            headers = {"if-match": f'"{one["id"]}:{version}"'}
            url = f"/v1/registry/institutions/{one['id']}"
            answer = await racing_registry.patch(url, json={"places": version}, headers=headers)
            assert answer.status_code == 200
            await feed(racing_registry, limit=1)

    await asyncio.gather(*map(change, made))
    page = await feed(racing_registry, limit=1000)
    for one in made:
        subject = f"institutions/{one['id']}"
        assert [version for name, version in told(page) if name == subject] == [1, 2, 3, 4, 5, 6]


async def test_the_sequence_is_dense_though_writers_fail_and_readers_race(racing_registry: httpx.AsyncClient) -> None:
    database = app_of(racing_registry).state.database

    async def write(number: int) -> None:
        async with database.change() as change:
            change.tell("t", Subject(f"things/{number}", 1))
            change.tell("u", Subject(f"things/{number}", 2))
            if number % 3 == 0:
                await (await change.connection()).exec_driver_sql("INSERT INTO events (type) VALUES ('registry.x')")

    readers = [feed(racing_registry, limit=1) for _ in range(8)]
    results = await asyncio.gather(*map(write, range(30)), *readers, return_exceptions=True)
    assert sum(isinstance(result, Exception) for result in results) == 10
    page = await feed(racing_registry, limit=1000)
    assert [event["sequence"] for event in page["items"]] == [str(number) for number in range(1, 41)]
    assert len({event["id"] for event in page["items"]}) == 40


async def test_walking_the_feed_gives_everything_once_and_the_same_again(racing_registry: httpx.AsyncClient) -> None:
    async with app_of(racing_registry).state.database.change() as change:
        for number in range(25):
            change.tell("t", Subject(f"things/{number}", 1))

    async def walk() -> list[dict[str, Any]]:
        pages, cursor = [], "0"
        while (page := await feed(racing_registry, after=cursor, limit=10))["items"]:
            pages.append(page)
            cursor = page["next_cursor"]
        assert page["next_cursor"] == cursor
        return pages

    first = await walk()
    async with app_of(racing_registry).state.database.change() as change:
        change.tell("t", Subject("things/late", 1))
    again = await walk()
    assert again[:2] == first[:2]
    assert again[2]["items"][:5] == first[2]["items"]
    assert [event["subject"] for page in again for event in page["items"]][-1] == "things/late"


async def test_a_long_poll_wakes_when_something_happens(racing_registry: httpx.AsyncClient) -> None:
    waiting = asyncio.create_task(feed(racing_registry, wait=30))
    async with app_of(racing_registry).state.database.change() as change:
        change.tell("t", Subject("things/1", 1))
    async with asyncio.timeout(25):
        assert told(await waiting) == [("things/1", 1)]


async def test_a_feed_without_news_gives_the_cursor_back(registry: httpx.AsyncClient) -> None:
    assert await feed(registry) == {"items": [], "next_cursor": "0"}
    async with app_of(registry).state.database.change() as change:
        change.tell("t", Subject("things/1", 1))
    last = (await feed(registry))["next_cursor"]
    assert await feed(registry, after=last) == {"items": [], "next_cursor": last}


async def test_a_reader_may_ask_for_one_type_only(registry: httpx.AsyncClient) -> None:
    async with app_of(registry).state.database.change() as change:
        for number in range(6):
            kind = "even" if number % 2 == 0 else "odd"
            change.tell(kind, Subject(f"things/{number}", 1))
    page = await feed(registry, type="registry.odd", limit=2)
    rest = await feed(registry, type="registry.odd", limit=2, after=page["next_cursor"])
    assert [name for name, _ in told(page) + told(rest)] == ["things/1", "things/3", "things/5"]
    assert [event["sequence"] for event in page["items"] + rest["items"]] == ["1", "2", "3"]


async def test_a_cursor_is_of_its_question_and_unaltered(registry: httpx.AsyncClient) -> None:
    async with app_of(registry).state.database.change() as change:
        change.tell("t", Subject("things/1", 1))
    cursor = (await feed(registry))["next_cursor"]
    altered = cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")
    for query in ({"after": cursor, "type": "registry.t"}, {"after": altered}, {"after": cursor[:-4]}):
        refused = assert_problem(await registry.get(URL, params=query, headers=READER), 422, "validation-failed")
        assert [(each["parameter"], each["code"]) for each in refused["errors"]] == [("after", "stale_cursor")]


async def test_what_is_not_told_is_passed_and_what_is_told_is_counted(
    registry: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feed of one type over many of others: looked through in steps, and nothing of it is left out."""
    monkeypatch.setattr(events, "EVENTS_PER_STEP", 3)
    async with app_of(registry).state.database.change() as change:
        for number in range(20):
            kind = "wanted" if number in {0, 8, 9, 18} else "other"
            change.tell(kind, Subject(f"things/{number}", 1))
    found: list[Any] = []
    cursor = "0"
    while (page := await feed(registry, type="registry.wanted", after=cursor))["items"]:
        found, cursor = found + page["items"], page["next_cursor"]
    assert [event["subject"] for event in found] == [f"things/{number}" for number in (0, 8, 9, 18)]
    assert [event["sequence"] for event in found] == ["1", "2", "3", "4"]


async def test_an_event_is_a_cloud_event_with_links_and_without_content(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    registry.headers["traceparent"] = f"00-{trace}-00f067aa0ba902b7-01"
    made = await add_institution(registry, name="KANAREK", phone="+48 32 123 45 67", email="a@kanarek.pl")
    [event] = (await feed(registry))["items"]
    assert (event["specversion"], event["type"]) == ("1.0", "registry.institution.created")
    assert (event["source"], event["subject"]) == ("/v1/registry", f"institutions/{made['id']}")
    assert (event["countyterc"], event["traceid"], event["sequence"]) == ("2469", trace, "1")
    assert event["data"]["href"] == f"/v1/registry/institutions/{made['id']}"
    assert "kanarek" not in str(event).lower()
    assert "123 45" not in str(event)


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "after=7",
        "after=9999999999999999999",
        "after=%C4%85",
        "wait=31",
        "wait=-1",
        "limit=0",
        "limit=1001",
    ],
)
async def test_a_wrong_question_is_refused(registry: httpx.AsyncClient, query: str) -> None:
    assert_problem(await registry.get(f"{URL}?{query}", headers=READER), 422, "validation-failed")


async def test_whoever_was_ahead_of_a_restored_feed_is_told_and_misses_nothing(registry: httpx.AsyncClient) -> None:
    database = app_of(registry).state.database

    async def happens(*names: str) -> None:
        async with database.change() as change:
            for name in names:
                change.tell("t", Subject(f"things/{name}", 1))

    await happens("before", "lost")
    first = await feed(registry, limit=1)
    ahead = (await feed(registry))["next_cursor"]
    async with database.change() as change:
        await change.run("DELETE FROM events WHERE subject = 'things/lost'")
    # The numbers of what was lost are given again: to these two.
    await happens("new", "newer")
    assert told(await feed(registry, after=first["next_cursor"])) == [("things/new", 1), ("things/newer", 1)]
    refused = assert_problem(await registry.get(URL, params={"after": ahead}, headers=READER), 422, "validation-failed")
    assert [each["code"] for each in refused["errors"]] == ["stale_cursor"]
    assert len((await feed(registry))["items"]) == 3
