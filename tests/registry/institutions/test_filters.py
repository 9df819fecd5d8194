"""Every filter of institutions: by itself, with several values, of an earlier day, page by page and as a file."""

import csv
import io
from collections.abc import Iterator
from itertools import permutations

import httpx
import pytest

from services.registry.institutions.schemas import InstitutionList
from tests.support.callers import call_as
from tests.support.records import add_institution, add_territory

URL = "/v1/registry/institutions"
EVERYWHERE = call_as("registry_editor", counties=("*",))
FILTERS: dict[str, dict[str, set[str]]] = {
    "q": {"alfa": {"A"}, "beta": {"B"}, "pora": {"A", "C"}, "?!": set()},
    "county_terc": {"2469": {"A", "B"}, "2401": {"C"}, "0219": set()},
    "county": {"Katowice": {"A", "B"}, "2401": {"C"}},
    "voivodeship_terc": {"24": {"A", "B", "C"}, "06": set()},
    "commune_terc": {"2469011": {"B"}, "2401011": {"C"}},
    "type": {"psych_ped_counselling_centre": {"A", "C"}, "hospital": {"B"}},
    "sector": {"education": {"A", "C"}, "health": {"B"}, "social_assistance": set()},
    "ownership": {"public": {"A"}, "non_public": {"B"}},
    "reference_level": {"II": {"B"}, "I": set()},
    "function": {"coordinating_institution": {"A"}, "pckz": set()},
    "rspo": {"123": {"C"}, "124": set()},
    "regon": {"123456785": {"A"}, "000000000": set()},
    "nip": {"1060000062": {"B"}},
}
ONE = [(name, value, found) for name, values in FILTERS.items() for value, found in values.items()]
SEVERAL = [
    (name, first, second)
    for name, values in FILTERS.items()
    if "list[" in str(InstitutionList.model_fields[name].annotation)
    for first, second in permutations(values, 2)
]


async def fill(client: httpx.AsyncClient) -> None:
    """Three institutions, A, B and C, that have as little as can be in common."""
    await add_territory(client)
    client.headers.update(EVERYWHERE)
    public = {"ownership": "public", "regon": "123456785", "opened_on": "2020-01-01"}
    first = await add_institution(client, name="A Poradnia Alfa", **public)
    facts = {"type": "hospital", "ownership": "non_public", "reference_level": "II", "nip": "1060000062"}
    await add_institution(client, name="B Szpital Beta", commune_terc="2469011", **facts)
    await add_institution(client, name="C Poradnia", county_terc="2401", commune_terc="2401011", rspo="123")
    held = {"kind": "coordinating_institution", "held_from": "2026-02-01"}
    assert (await client.post(f"{URL}/{first['id']}/functions", json=held)).status_code == 201


@pytest.fixture
async def three(registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await fill(registry)
    return registry


async def names(client: httpx.AsyncClient, *asked: tuple[str, str]) -> set[str]:
    """The first letters of what is found, page by page."""
    found: list[str] = []
    address: str | None = str(httpx.URL(URL, params=[*asked, ("limit", "1")]))
    while address is not None:
        answer = await client.get(address)
        assert answer.status_code == 200, answer.text
        found += [item["name"][0] for item in answer.json()["items"]]
        address = answer.links["next"]["url"] if "next" in answer.links else None
    assert sorted(set(found)) == found, "every one once, in order"
    return set(found)


def test_no_filter_is_left_out() -> None:
    paging = {"limit", "cursor", "sort", "fields", "format", "dialect"}
    others = {"as_of", "id", "include_closed"}
    assert InstitutionList.model_fields.keys() - paging - others == FILTERS.keys()


async def test_institutions_are_found_by_their_ids(three: httpx.AsyncClient) -> None:
    items = (await three.get(URL)).json()["items"]
    ids = [("id", item["id"]) for item in items if item["name"][0] in "AC"]
    assert len(ids) == 2
    assert await names(three, *ids) == {"A", "C"}
    assert await names(three, ("id", "01990000-0000-7000-8000-00000000ffff")) == set()


async def test_each_filter_finds_its_own_whatever_was_asked_before(three: httpx.AsyncClient) -> None:
    for name, value, found in [*ONE, *reversed(ONE)]:
        assert await names(three, (name, value)) == found, (name, value)


async def test_of_several_values_any_counts(three: httpx.AsyncClient) -> None:
    for name, first, second in SEVERAL:
        assert await names(three, (name, first), (name, second)) == FILTERS[name][first] | FILTERS[name][second]


def _pairs() -> Iterator[tuple[tuple[str, str], tuple[str, str], set[str]]]:
    for (name, value, found), (other, wanted, also) in zip(ONE, [*ONE[7:], *ONE[:7]], strict=True):
        if name != other and {name, other} != {"county", "county_terc"}:
            yield (name, value), (other, wanted), found & also


async def test_of_several_filters_all_count(three: httpx.AsyncClient) -> None:
    for first, second, found in _pairs():
        assert await names(three, first, second) == found, (first, second)


async def test_another_day_is_asked_by_the_same_filters(three: httpx.AsyncClient) -> None:
    for name, value, found in ONE:
        assert await names(three, (name, value), ("as_of", "2019-12-31")) == found - {"A"}, (name, value)
        assert await names(three, (name, value), ("as_of", "2099-01-01")) == found, (name, value)


async def test_a_file_holds_what_the_list_finds(racing_registry: httpx.AsyncClient) -> None:
    await fill(racing_registry)
    for name, value, found in ONE:
        answer = await racing_registry.get(URL, params={name: value, "format": "csv"})
        assert {row["name"][0] for row in csv.DictReader(io.StringIO(answer.text))} == found, (name, value)


async def test_the_count_is_of_what_the_list_finds(three: httpx.AsyncClient) -> None:
    for name, value, found in ONE:
        answer = await three.get(URL, params={name: value}, headers={"prefer": "count=exact"})
        assert answer.json()["total"] == len(found), (name, value)
        assert "total" in (await three.get(URL, params={name: value}, headers={"prefer": "count=estimated"})).json()
