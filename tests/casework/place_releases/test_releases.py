"""A place is given back once, whatever fails meanwhile, and is forgotten when that is certain."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.casework.place_releases.actions import give_places_back
from services.casework.place_releases.rules import SETTLED_AFTER, due_after_failure
from services.chassis.ground import clock
from tests.casework.people.test_endpoints import rows
from tests.casework.referrals.made import ask, case_with_basis, sent
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.support.records import app_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OWED = "SELECT attempts, due_at, given_back_at FROM place_releases"


@pytest.fixture
async def registry() -> AsyncIterator[FakeRegistry]:
    async with playing(FakeRegistry()) as registry:
        yield registry


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The instant that the last entry says."""
    instants = [NOW]
    monkeypatch.setattr(clock, "now", lambda: instants[-1])
    return instants


async def owed(client: httpx.AsyncClient) -> None:
    """A referral that ended while it held a place."""
    case, _ = await case_with_basis(client)
    answer = await ask(client, await sent(client, case), "withdraw", reason="need_ceased")
    assert answer.status_code == 200, answer.text


def releases(registry: FakeRegistry) -> int:
    """How often a place was given back."""
    return sum(path.endswith("/release") for _, path in registry.asked)


async def test_a_place_is_looked_at_once_more_before_it_is_forgotten(
    casework: httpx.AsyncClient, registry: FakeRegistry, at: list[datetime]
) -> None:
    await owed(casework)
    database = app_of(casework).state.database
    for _ in range(3):
        await give_places_back(database)
    assert releases(registry) == 1
    assert [tuple(row) for row in await rows(casework, OWED)] == [(0, NOW + SETTLED_AFTER, NOW)]
    at.append(NOW + SETTLED_AFTER)
    await give_places_back(database)
    assert releases(registry) == 1
    assert await rows(casework, OWED) == []


async def test_a_place_that_was_taken_while_the_referral_ended_is_given_back_at_the_second_look(
    casework: httpx.AsyncClient, registry: FakeRegistry, at: list[datetime]
) -> None:
    await owed(casework)
    database = app_of(casework).state.database
    await give_places_back(database)
    [gone] = registry.held.values()
    late = str(uuid.uuid4())
    registry.held[late] = {**gone, "id": late, "version": 1, "state": "taken"}
    at.append(NOW + SETTLED_AFTER)
    await give_places_back(database)
    assert registry.states == ["released", "released"]


async def test_a_silent_registry_is_asked_later_and_later(
    casework: httpx.AsyncClient, registry: FakeRegistry, at: list[datetime]
) -> None:
    await owed(casework)
    registry.is_silent = True
    database = app_of(casework).state.database
    for attempts, seconds in ((1, 2), (2, 4), (3, 8)):
        now = at[-1]
        await give_places_back(database)
        await give_places_back(database)
        [row] = await rows(casework, OWED)
        assert tuple(row) == (attempts, now + timedelta(seconds=seconds), None)
        at.append(row["due_at"])
    registry.is_silent = False
    await give_places_back(database)
    assert registry.states == ["released"]


def test_no_pause_is_longer_than_five_minutes() -> None:
    assert due_after_failure(NOW, 1_000) == NOW + timedelta(minutes=5)
