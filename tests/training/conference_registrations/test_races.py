"""Many who want places at once: real transactions."""

import asyncio
from collections import Counter

import httpx

from tests.support.records import fetch
from tests.training.conference_registrations.test_endpoints import own, somebody, withdraw
from tests.training.conferences.made import opened, register
from tests.training.groups.made import URL


async def test_of_twelve_who_want_the_last_place_one_gets_it(racing_training: httpx.AsyncClient) -> None:
    client = racing_training
    conference = await opened(client, capacity=1)
    answers = await asyncio.gather(*[register(client, conference, somebody(n)) for n in range(12)])
    assert Counter(one.json()["state"] for one in answers) == {"registered": 1, "waitlisted": 11}
    # One leaves while others come: the place goes to who waits longest, and to nobody twice.
    first = next(n for n, one in enumerate(answers) if one.json()["state"] == "registered")
    registration = await own(client, conference, somebody(first))
    leaving = [withdraw(client, conference, registration, somebody(first)) for _ in range(4)]
    coming = [register(client, conference, somebody(20 + n)) for n in range(4)]
    left = await asyncio.gather(*leaving, *coming)
    assert Counter(one.status_code for one in left[:4])[200] == 1
    states = await fetch(
        client,
        "SELECT state FROM conference_registrations WHERE conference_id = CAST(:id AS uuid)"
        " AND state <> 'withdrawn' ORDER BY sequence",
        id=conference["id"],
    )
    assert [row.state for row in states] == ["registered"] + ["waitlisted"] * 14
    seen = (await client.get(f"{URL}/conferences/{conference['id']}")).json()
    assert (seen["registered"], seen["waiting"]) == (1, 14)


async def test_who_registers_twice_at_once_is_registered_once(racing_training: httpx.AsyncClient) -> None:
    conference = await opened(racing_training, capacity=5)
    answers = await asyncio.gather(*[register(racing_training, conference, somebody(1)) for _ in range(8)])
    assert Counter(one.status_code for one in answers) == {201: 1, 409: 7}
