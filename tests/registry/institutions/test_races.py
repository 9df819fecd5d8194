"""Many at once, with real sessions."""

import asyncio

import httpx

from tests.support.records import add_institution, add_territory, fetch

URL = "/v1/registry/institutions"


async def test_twenty_designations_of_one_county_leave_one_lead_centre(racing_registry: httpx.AsyncClient) -> None:
    await add_territory(racing_registry)
    hosts = [await add_institution(racing_registry, name=f"Poradnia {number}") for number in range(20)]
    given = {"kind": "wokro", "held_from": "2026-09-01"}
    answers = await asyncio.gather(
        *(racing_registry.post(f"{URL}/{host['id']}/functions", json=given) for host in hosts)
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert (statuses[0], {*statuses[1:]}) == (201, {409})
    assert await fetch(racing_registry, "SELECT count(*) FROM institution_functions") == [(1,)]
    told = "SELECT count(*) FROM events WHERE type = 'registry.institution.function-given'"
    assert await fetch(racing_registry, told) == [(1,)]


async def test_twenty_changes_of_one_version_leave_one_and_one_history(racing_registry: httpx.AsyncClient) -> None:
    await add_territory(racing_registry)
    made = await add_institution(racing_registry)
    tag = {"if-match": f'"{made["id"]}:1"'}
    answers = await asyncio.gather(
        *(
            racing_registry.patch(f"{URL}/{made['id']}", json={"name": f"Nazwa {number}"}, headers=tag)
            for number in range(20)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19
    assert await fetch(racing_registry, "SELECT version FROM institution_history") == [(1,)]
    assert await fetch(racing_registry, "SELECT version FROM institutions") == [(2,)]


async def test_one_rspo_number_registered_twenty_times_at_once_is_registered_once(
    racing_registry: httpx.AsyncClient,
) -> None:
    await add_territory(racing_registry)
    body = {"name": "P", "type": "kindergarten", "county_terc": "2469", "rspo": "77"}
    answers = await asyncio.gather(*(racing_registry.post(URL, json=body) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert await fetch(racing_registry, "SELECT count(*) FROM audit_records WHERE outcome = 'done'") == [(1,)]
