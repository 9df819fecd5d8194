"""Many at once, with real sessions."""

import asyncio
from collections import Counter
from itertools import pairwise

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


async def test_overlapping_times_are_raced_rightly_and_disjoint_ones_are_all_given(
    racing_registry: httpx.AsyncClient,
) -> None:
    await add_territory(racing_registry)
    hosts = [await add_institution(racing_registry, name=f"Poradnia {n}") for n in range(10)]
    times = [{"held_from": f"20{20 + n // 2}-01-01", "held_to": f"20{21 + n // 2}-01-01"} for n in range(10)]
    given = [
        racing_registry.post(f"{URL}/{host['id']}/functions", json={"kind": "wokro", **time})
        for host, time in zip(hosts, times, strict=True)
    ]
    answers = await asyncio.gather(*given)
    assert Counter(answer.status_code for answer in answers) == {201: 5, 409: 5}
    rows = await fetch(racing_registry, "SELECT held_from, held_to FROM institution_functions ORDER BY held_from")
    assert all(earlier.held_to <= later.held_from for earlier, later in pairwise(rows))


async def test_one_closing_wins_and_a_function_given_meanwhile_does_not_outlive_it(
    racing_registry: httpx.AsyncClient,
) -> None:
    await add_territory(racing_registry)
    host = await add_institution(racing_registry, type="kindergarten")
    end, seen = {"closed_on": "2026-08-31", "reason": "koniec"}, {"if-match": f'"{host["id"]}:1"'}
    one, gift = f"{URL}/{host['id']}", {"kind": "pckz", "held_from": "2026-01-01"}
    closings = [racing_registry.post(f"{one}/close", json=end, headers=seen) for _ in range(6)]
    gifts = [racing_registry.post(f"{one}/functions", json=gift) for _ in range(6)]
    answers = await asyncio.gather(*[action for pair in zip(gifts, closings, strict=True) for action in pair])
    assert Counter(answer.status_code for answer in answers[1::2]) == {200: 1, 412: 5}
    assert {answer.status_code for answer in answers[::2]} <= {201, 409}
    held = await fetch(racing_registry, "SELECT held_to::text FROM institution_functions")
    assert {row.held_to for row in held} <= {"2026-08-31"}


async def test_a_function_is_ended_once(racing_registry: httpx.AsyncClient) -> None:
    await add_territory(racing_registry)
    host = await add_institution(racing_registry, type="kindergarten")
    gift = {"kind": "wokro", "held_from": "2026-01-01"}
    given = await racing_registry.post(f"{URL}/{host['id']}/functions", json=gift)
    body, seen = {"held_to": "2026-06-01", "reason": "koniec"}, {"if-match": given.headers["etag"]}
    ends = [racing_registry.post(f"{given.headers['location']}/end", json=body, headers=seen) for _ in range(8)]
    assert Counter(answer.status_code for answer in await asyncio.gather(*ends)) == {200: 1, 412: 7}
