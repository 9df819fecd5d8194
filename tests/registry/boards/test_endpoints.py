"""What a programme is in numbers and as a picture."""

import httpx
import pytest

from tests.registry.sites.moves import stand, step
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory, change

URL = "/v1/registry"
MANAGER = call_as("programme_manager")
COORDINATOR = call_as("county_coordinator")


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(MANAGER)


async def test_a_board_is_had_as_json_and_as_a_picture_in_two_languages(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "WOKRO", name="Powiat A")
    await stand(registry, "WOKRO", name="Powiat B", county_terc="2401")
    await step(registry, site, "coordination")
    url = f"{URL}/programmes/WOKRO/board"
    board = (await registry.get(url)).json()
    assert [row["name"] for row in board["sites"]] == ["Powiat A", "Powiat B"]
    assert [cell["status"] for cell in board["sites"][0]["cells"]] == ["done", *["pending"] * 3]
    assert [column["code"] for column in board["steps"]] == [cell["step"] for cell in board["sites"][1]["cells"]]
    assert [row["name"] for row in (await registry.get(f"{url}?county_terc=2401")).json()["sites"]] == ["Powiat B"]
    part = (await registry.get(f"{url}?limit=1")).json()
    assert (len(part["sites"]), part["sites_in_all"]) == (1, 2)
    polish = await registry.get(url, headers={"accept": "image/svg+xml"})
    english = await registry.get(f"{url}?format=svg", headers={"accept-language": "en"})
    assert {polish.headers["content-type"], english.headers["content-type"]} == {"image/svg+xml"}
    assert (polish.headers["content-language"], english.headers["content-language"]) == ("pl", "en")
    assert "Koordynacja – 1 z 2" in polish.text
    assert "Coordination – 1 of 2" in english.text
    assert 'role="img"' in polish.text
    refused = assert_problem(await registry.get(url, headers={"accept": "text/html"}), 406, "not-acceptable")
    assert refused["available"] == ["application/json", "image/svg+xml"]


async def add_counties(client: httpx.AsyncClient, number: int) -> list[str]:
    """That many counties of a voivodeship of their own."""
    await change(
        client,
        "INSERT INTO territorial_units (terc, level, kind, name, as_of)"
        " SELECT '99' || to_char(n, 'FM00'), 'county', 'county', 'powiat ' || n, '2026-01-01'"
        " FROM generate_series(0, :last) AS n",
        last=min(number, 100) - 1,
    )
    await change(
        client,
        "INSERT INTO territorial_units (terc, level, kind, name, as_of)"
        " SELECT '98' || to_char(n, 'FM00'), 'county', 'county', 'powiat inny ' || n, '2026-01-01'"
        " FROM generate_series(0, :last) AS n",
        last=number - 101,
    )
    return [f"{99 - n // 100}{n % 100:02d}" for n in range(number)]


@pytest.mark.parametrize(("shared", "distinct"), [(0, 105), (9, 96)])
async def test_n2_source_000_the_counties_of_two_implementers_are_105_only_when_they_are_disjoint(
    registry: httpx.AsyncClient, shared: int, distinct: int
) -> None:
    counties = await add_counties(registry, 105)
    for county in counties[:36]:
        await stand(registry, "MWM", county_terc=county)
    for county in counties[36 - shared : 105 - shared]:
        await stand(registry, "MWM", county_terc=county, implementer="nursery_association")
    found = (await registry.get(f"{URL}/programmes/MWM/statistics")).json()
    parts = {part["implementer"]: part["distinct_counties"] for part in found["by_implementer"]}
    assert parts == {"project": 36, "nursery_association": 69}
    assert (found["sites"], found["distinct_counties"]) == (105, distinct)


async def test_statistics_count_plans_statuses_locations_and_steps(registry: httpx.AsyncClient) -> None:
    sites = [await stand(registry, "TMW", name=f"Lokalizacja {number}") for number in range(3)]
    for site, verb, body in zip(
        sites,
        ("activate", "withdraw"),
        ({"started_on": "2026-01-01"}, {"ended_on": "2026-01-01", "reason": "x"}),
        strict=False,
    ):
        tag = {"if-match": f'"{site["id"]}:1"'}
        assert (await registry.post(f"{URL}/sites/{site['id']}/{verb}", json=body, headers=tag)).is_success
    await step(registry, sites[0], "diagnosis")
    found = (await registry.get(f"{URL}/programmes/TMW/statistics")).json()
    assert (found["planned_sites"], found["sites"], found["locations"], found["distinct_counties"]) == (30, 2, 2, 1)
    by_status = {part["status"]: part["sites"] for part in found["by_status"]}
    assert by_status == {"active": 1, "candidate": 1, "withdrawn": 1}
    reached = {part["code"]: (part["done"], part["skipped"]) for part in found["steps"]}
    assert reached["diagnosis"] == (1, 0)
    assert reached["testing"] == (0, 0)
