"""Who is appointed where: appointments found, coverage of a day, and every gap in it."""

import httpx
import pytest

from tests.registry.appointments.made import ANIMATOR, KWM, REGISTRY, URL, Facts, appoint, end, stand
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory, change

MANAGER = call_as("programme_manager")


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)
    registry.headers.update(MANAGER)


async def covered(client: httpx.AsyncClient, programme: str, query: str = "as_of=2026-11-01") -> Facts:
    answer = await client.get(f"{URL}/coverage?programme={programme}&{query}")
    assert answer.status_code == 200, answer.text
    found: Facts = answer.json()
    return found


async def test_appointments_are_found_by_role_site_programme_person_and_day(registry: httpx.AsyncClient) -> None:
    site, location = await stand(registry), await stand(registry, "TMW", county_terc="2401")
    await appoint(registry, site, KWM, held_to="2026-03-01")
    await appoint(registry, location, ANIMATOR, subject="person-2", held_from="2026-02-01")

    async def found(query: str) -> list[str]:
        answer = await registry.get(f"{URL}?{query}")
        assert answer.status_code == 200, answer.text
        return [item["subject"] for item in answer.json()["items"]]

    assert await found("") == ["person-2", "person-1"]
    assert await found("role=animator") == ["person-2"]
    assert await found(f"site_id={site['id']}") == ["person-1"]
    assert await found("county_terc=2401") == ["person-2"]
    assert await found("programme=MWM") == ["person-1"]
    assert await found("subject=person-2") == ["person-2"]
    for day, people in {"2025-12-31": 0, "2026-01-01": 1, "2026-02-28": 2, "2026-03-01": 1}.items():
        assert len(await found(f"as_of={day}")) == people


async def test_coverage_names_the_people_of_a_day_and_every_gap(registry: httpx.AsyncClient) -> None:
    site = await stand(registry, "TMW")
    tag = {"if-match": f'"{site["id"]}:1"'}
    start = {"started_on": "2026-01-01"}
    assert (await registry.post(f"{REGISTRY}/sites/{site['id']}/activate", json=start, headers=tag)).is_success
    await appoint(registry, site, ANIMATOR, held_from="2026-01-11", held_to="2026-02-01")
    await appoint(registry, site, ANIMATOR, subject="person-2", held_from="2026-01-01")
    found = await covered(registry, "TMW", "as_of=2026-02-10")
    assert found["required_per_site"] == {"animator": 2}
    assert found["totals"] == {"sites": 1, "required": 2, "present": 1, "missing": 1, "lacking_sites": 1}
    [row] = found["sites"]
    assert [person["subject"] for person in row["people"]] == ["person-2"]
    assert [(gap["from"], gap["to"], gap["days"], gap["present"]) for gap in row["gaps"]] == [
        ("2026-01-01", "2026-01-11", 10, 1),
        ("2026-02-01", None, 10, 1),
    ]
    assert_problem(await registry.get(f"{URL}/coverage?programme=NONE"), 404, "programme-not-found")


async def test_n17_source_002_thirty_locations_have_sixty_animators_and_one_that_lacks_one_is_named(
    registry: httpx.AsyncClient,
) -> None:
    made = []
    for number in range(30):
        site = await stand(registry, "TMW", name=f"Lokalizacja {number:02d}")
        for person in (1, 2):
            answer = await appoint(registry, site, ANIMATOR, subject=f"person-{number}-{person}")
            assert answer.status_code == 201, answer.text
            made.append(answer.json())
    full = await covered(registry, "TMW")
    assert full["totals"] == {"sites": 30, "required": 60, "present": 60, "missing": 0, "lacking_sites": 0}
    assert not any(site["gaps"] for site in full["sites"])
    assert (await end(registry, made[13], "2026-10-01")).status_code == 200
    lacking = await covered(registry, "TMW")
    assert lacking["totals"] == {"sites": 30, "required": 60, "present": 59, "missing": 1, "lacking_sites": 1}
    named = {site["name"]: [(gap["from"], gap["days"]) for gap in site["gaps"]] for site in lacking["sites"]}
    assert {name: found for name, found in named.items() if found} == {"Lokalizacja 06": [("2026-10-01", 32)]}


async def test_source_000_thirty_six_counties_have_a_kwm_each(registry: httpx.AsyncClient) -> None:
    counties = [f"97{number:02d}" for number in range(36)]
    for county in counties:
        await add_county(registry, county)
        site = await stand(registry, county_terc=county)
        assert (await appoint(registry, site, KWM, subject=f"person-{county}")).status_code == 201
    await stand(registry)
    found = await covered(registry, "MWM")
    assert found["totals"] == {"sites": 37, "required": 37, "present": 36, "missing": 1, "lacking_sites": 1}
    here = await covered(registry, "MWM", "&".join(f"county_terc={county}" for county in counties))
    assert (here["totals"]["present"], here["totals"]["missing"]) == (36, 0)


async def add_county(client: httpx.AsyncClient, county: str) -> None:
    """A county of that code."""
    await change(
        client,
        "INSERT INTO territorial_units (terc, level, kind, name, as_of)"
        " VALUES (:terc, 'county', 'county', 'powiat ' || :name, '2026-01-01')",
        terc=county,
        name=county,
    )
