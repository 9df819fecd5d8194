"""Territorial units through the API."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory, app_of

COUNTIES = "/v1/registry/counties"
COMMUNES = "/v1/registry/communes"


@pytest.fixture
async def registry(registry: httpx.AsyncClient) -> httpx.AsyncClient:
    await add_territory(registry)
    registry.headers.update(call_as("trainee"))
    return registry


async def change(client: httpx.AsyncClient, statement: str) -> None:
    async with app_of(client).state.database.change() as change:
        await change.execute(text(statement))


async def codes(client: httpx.AsyncClient, url: str, **query: Any) -> list[str]:
    answer = await client.get(url, params=query)
    assert answer.status_code == 200, answer.text
    return [item["terc"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    "words", ["świdnicki", "swidnicki", "SWIDNICKI", "Świdnicki", "swid", "S\u0301widnicki", " świdnicki "]
)
async def test_a_name_finds_every_county_that_bears_it_with_and_without_marks(
    registry: httpx.AsyncClient, words: str
) -> None:
    assert await codes(registry, COUNTIES, q=words) == ["0219", "0619"]


@pytest.mark.parametrize(
    "words", ["zamek", "'", "!!!", "& | !", ":*", "świdnicki & zamek", "\\", "%", "_", "(", "''", "<->"]
)
async def test_signs_have_no_meaning_in_a_search(registry: httpx.AsyncClient, words: str) -> None:
    assert await codes(registry, COUNTIES, q=words) == []


async def test_a_county_is_found_by_its_code_too(registry: httpx.AsyncClient) -> None:
    assert await codes(registry, COUNTIES, q="2469") == ["2469"]


@pytest.mark.parametrize(
    ("name", "slug", "candidates"),
    [
        ("świdnicki", "ambiguous-reference", ["0219", "0619"]),
        ("SWIDNICKI", "ambiguous-reference", ["0219", "0619"]),
        ("zamojski", "unknown-reference", None),
    ],
)
async def test_a_name_is_no_address(
    registry: httpx.AsyncClient, name: str, slug: str, candidates: list[str] | None
) -> None:
    answer = await registry.get(f"{COUNTIES}/{name}")
    problem = assert_problem(answer, 422, slug)
    assert problem.get("candidates") == candidates
    assert name not in answer.text.replace(problem["instance"], "")


async def test_a_name_that_one_county_bears_is_no_address_either(registry: httpx.AsyncClient) -> None:
    assert_problem(await registry.get(f"{COUNTIES}/katowice"), 404, "county-not-found")


async def test_a_county_tells_what_it_is_and_where(registry: httpx.AsyncClient) -> None:
    await change(registry, "UPDATE territorial_units SET population = 3, urban_population = 1 WHERE terc = '2469'")
    answer = await registry.get(f"{COUNTIES}/2469")
    county = answer.json()
    assert (county["name"], county["kind"]) == ("Katowice", "city_with_county_rights")
    assert (county["voivodeship_terc"], county["voivodeship_name"]) == ("24", "śląskie")
    assert (county["urbanisation"], county["as_of"], county["removed_on"]) == (0.3333, "2026-01-01", None)
    again = await registry.get(f"{COUNTIES}/2469", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "url", [f"{COUNTIES}/9999", f"{COUNTIES}/24", f"{COUNTIES}/2469011", f"{COMMUNES}/9999999", f"{COMMUNES}/2469"]
)
async def test_a_code_of_nothing_is_not_found(registry: httpx.AsyncClient, url: str) -> None:
    assert (await registry.get(url)).status_code == 404


async def test_lists_are_by_level_and_filtered_by_what_is_above(registry: httpx.AsyncClient) -> None:
    assert await codes(registry, "/v1/registry/voivodeships") == ["02", "06", "24"]
    assert await codes(registry, COUNTIES, voivodeship_terc="24") == ["2401", "2469"]
    assert await codes(registry, COUNTIES, kind="city_with_county_rights") == ["2469"]
    assert await codes(registry, COUNTIES, sort="-terc", limit=2) == ["2469", "2401"]
    assert await codes(registry, COMMUNES) == ["2401011", "2469011"]
    assert await codes(registry, COMMUNES, county_terc="2401") == ["2401011"]


async def test_parts_of_communes_are_listed_on_demand_only(registry: httpx.AsyncClient) -> None:
    await change(
        registry,
        "INSERT INTO territorial_units (terc, level, kind, name, parent_terc, as_of) VALUES"
        " ('2401024', 'commune', 'town_in_commune', 'Siewierz', '2401', '2026-01-01')",
    )
    assert "2401024" not in await codes(registry, COMMUNES)
    assert await codes(registry, COMMUNES, kind=["town_in_commune", "rural_area_in_commune"]) == ["2401024"]
    assert (await registry.get(f"{COMMUNES}/2401024")).json()["county_name"] == "będziński"


async def test_a_removed_unit_is_no_longer_listed_but_still_told(registry: httpx.AsyncClient) -> None:
    await change(registry, "UPDATE territorial_units SET removed_on = '2026-02-01' WHERE terc = '0219'")
    assert await codes(registry, COUNTIES, q="świdnicki") == ["0619"]
    assert (await registry.get(f"{COUNTIES}/0219")).json()["removed_on"] == "2026-02-01"
