"""Screening as a service: it runs on a schema and a role of its own, beside the registry."""

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem


async def test_the_service_is_ready_when_its_schema_is_migrated(screening: httpx.AsyncClient) -> None:
    assert (await screening.get("/readyz")).json() == {"status": "ok"}


async def test_whoever_follows_events_finds_a_feed(screening: httpx.AsyncClient) -> None:
    feed = await screening.get("/v1/screening/events", headers=call_as(scope="events:read"))
    assert feed.json() == {"items": [], "next_cursor": "0"}


async def test_a_guardian_has_no_business_in_the_feed(screening: httpx.AsyncClient) -> None:
    assert_problem(await screening.get("/v1/screening/events", headers=call_as("guardian")), 403, "forbidden")
