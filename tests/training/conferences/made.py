"""Conferences, as tests need them."""

import uuid
from typing import Any

import httpx

from tests.training.groups.made import Made, add_programme, post, send

DAYS: Made = {
    "starts_at": "2190-10-02T08:00:00Z",
    "ends_at": "2190-10-02T13:00:00Z",
    "registration_opens_at": "2020-01-01T08:00:00Z",
    "registration_closes_at": "2190-10-01T08:00:00Z",
}
"""People can register, whenever a test runs."""
PAST: Made = {
    "starts_at": "2023-10-02T08:00:00Z",
    "ends_at": "2023-10-02T13:00:00Z",
    "registration_opens_at": "2023-09-01T08:00:00Z",
    "registration_closes_at": "2023-09-29T22:00:00Z",
}
"""When the conference of source 001 took place."""
FACTS: Made = {
    "title_pl": "Konferencja",
    "title_en": "A conference",
    "mode": "online",
    "audience": ["local_authorities", "health_sector"],
    "capacity": 2,
    "is_open_to_outsiders": True,
}
PERSON: Made = {
    "name": "Anna Testowa",
    "organisation": "Przychodnia",
    "audience": "health_sector",
    "county_terc": "2469",
}


async def planned(client: httpx.AsyncClient, **facts: Any) -> Made:
    """A conference that is planned, of a programme of its own unless one is given."""
    if "programme_id" not in facts:
        facts["programme_id"] = (await add_programme(client))["id"]
    return await post(client, "/conferences", {**FACTS, **DAYS, **facts})


async def opened(client: httpx.AsyncClient, **facts: Any) -> Made:
    """A conference that people can register for."""
    conference = await planned(client, **facts)
    return await post(client, f"/conferences/{conference['id']}/open", tag=conference)


async def register(client: httpx.AsyncClient, conference: Made, headers: Made, **facts: Any) -> httpx.Response:
    """The answer to somebody who registers."""
    more = headers | {"idempotency-key": str(uuid.uuid4())}
    path = f"/conferences/{conference['id']}/registrations"
    return await send(client, path, {**PERSON, **facts}, headers=more)
