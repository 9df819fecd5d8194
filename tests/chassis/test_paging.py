"""Walking a list page by page gives every row once, in the order asked for, whatever the order is."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.chassis.paged import _ROW, COUNTIES, TYPES, URL, put, walk
from tests.support.records import app_of

# Names that differ in case, marks and signs only, and names that are equal.
NAMES = (
    "Ala",
    "ala",
    "Ąla",
    "Łódź",
    "lodz",
    "a b",
    "ab",
    "A-b",
    "ż",
    "Ż",
    "1",
    "10",
    "9",
    "_",
    "%",
    "'",
    '"',
    "ß",
    "İ",
    # What stands between two items of a page, on its way and in the answer.
    "\x1e",
    "},{",
)


COLUMNS = ("name", "county_terc", "type", "changed_at")


_rows = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(TYPES), st.sampled_from(COUNTIES), st.integers(0, 3)),
    max_size=25,
)


_orders = st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=4, unique=True).flatmap(
    lambda names: st.tuples(*[st.sampled_from([name, f"-{name}"]) for name in names])
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_rows, order=_orders, limit=st.integers(1, 7))
async def test_every_order_gives_every_row_once(
    registry: httpx.AsyncClient, rows: list[tuple[str, str, str, int]], order: tuple[str, ...], limit: int
) -> None:
    await put(registry, rows)
    sort = ",".join(order)
    walked = await walk(registry, sort=sort, limit=limit)
    assert len({item["id"] for item in walked}) == len(walked) == len(rows)
    assert walked == await walk(registry, sort=sort, limit=200)
    for index, name in reversed(list(enumerate(order))):
        field = name.removeprefix("-")
        if field == "name":  # ordered by the database's own collation: compared with itself above
            break
        same = (
            [item for item in walked if _prefix(item, order[:index]) == _prefix(walked[0], order[:index])]
            if walked
            else []
        )
        values = [item[field] for item in same]
        assert values == sorted(values, reverse=name.startswith("-"))


def _prefix(item: dict[str, Any], order: tuple[str, ...]) -> list[Any]:
    return [item[name.removeprefix("-")] for name in order]


async def test_what_is_added_and_taken_away_meanwhile_moves_nothing(twelve: httpx.AsyncClient) -> None:
    first = (await twelve.get(URL, params={"limit": 4, "sort": "name"})).json()
    async with app_of(twelve).state.database.change() as change:
        await change.execute(text("DELETE FROM institutions WHERE name = 'Szkoła 01'"))
        await change.execute(_ROW, {"name": "Aaa", "type": "nursery", "county": "2469", "hours": 0})
    rest = await walk(twelve, limit=4, sort="name", cursor=first["next_cursor"])
    assert [item["name"] for item in rest] == [f"Szkoła {number:02}" for number in range(4, 12)]


async def test_the_link_leads_to_the_next_page_with_the_same_filter(twelve: httpx.AsyncClient) -> None:
    answer = await twelve.get(URL, params={"limit": 2, "type": ["nursery", "hospital"], "q": "szkoła", "sort": "-name"})
    target, relation = answer.headers["link"].split("; ")
    assert relation == 'rel="next"'
    query = parse_qs(urlsplit(target.strip("<>")).query)
    assert query["type"] == ["nursery", "hospital"]
    assert query["cursor"] == [answer.json()["next_cursor"]]
    following = await twelve.get(target.strip("<>"))
    names = [item["name"] for item in answer.json()["items"] + following.json()["items"]]
    assert names == ["Szkoła 11", "Szkoła 10", "Szkoła 08", "Szkoła 07"]


async def test_a_last_full_page_says_that_it_is_the_last(twelve: httpx.AsyncClient) -> None:
    assert (await twelve.get(URL, params={"limit": 12})).json()["next_cursor"] is None
    assert (await twelve.get(URL, params={"limit": 11})).json()["next_cursor"] is not None
    nothing = (await twelve.get(URL, params={"q": "zamek"})).json()
    assert nothing == {"items": [], "next_cursor": None}


async def test_only_the_fields_asked_for_are_sent(twelve: httpx.AsyncClient) -> None:
    page = (await twelve.get(URL, params={"fields": "name,id", "limit": 3, "sort": "type"})).json()
    assert [item.keys() for item in page["items"]] == [{"id", "name"}] * 3
    assert len(await walk(twelve, fields="id", limit=5)) == 12
    for fields in ("", "name,", "*", "name;id", "search"):
        assert (await twelve.get(URL, params={"fields": fields})).status_code == 422


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({}, 12),
        ({"limit": 1}, 12),
        ({"type": "nursery"}, 4),
        ({"type": ["nursery", "hospital"], "county_terc": "2401"}, 4),
        ({"q": "szkoła"}, 12),
        ({"as_of": "2026-01-01"}, 12),
        ({"q": "zamek"}, 0),
    ],
)
async def test_the_total_is_counted_on_demand(twelve: httpx.AsyncClient, query: dict[str, Any], total: int) -> None:
    asked = await twelve.get(URL, params=query, headers={"prefer": "count=exact"})
    assert asked.json()["total"] == total
    assert asked.headers["preference-applied"] == "count=exact"
    guessed = await twelve.get(URL, params=query, headers={"prefer": "count=estimated"})
    assert isinstance(guessed.json()["total"], int)
    assert guessed.headers["preference-applied"] == "count=estimated"
    unasked = await twelve.get(URL, params=query)
    assert "total" not in unasked.json()
    assert "preference-applied" not in unasked.headers


@pytest.mark.parametrize("url", ["/v1/registry/counties", "/v1/registry/support-services/stale", "/v1/registry/jobs"])
async def test_every_list_can_be_estimated(twelve: httpx.AsyncClient, url: str) -> None:
    answer = await twelve.get(url, params={"limit": 1}, headers={"prefer": "respond-async, count=estimated"})
    assert (answer.status_code, type(answer.json()["total"])) == (200, int)


@pytest.mark.parametrize(
    "sort", ["", ",", "name,", "-", "--name", "name desc", "id", "NAME", "name,name,name", "+name"]
)
async def test_an_order_is_one_of_the_documented(twelve: httpx.AsyncClient, sort: str) -> None:
    answer = await twelve.get(URL, params={"sort": sort})
    assert answer.status_code == (200 if sort in {"", "name,name,name"} else 422)
