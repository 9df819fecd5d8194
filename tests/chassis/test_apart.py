"""A transaction beside the one that is open: what is done in it stays, and neither waits for the other's connection."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.data.database import Database
from services.chassis.data.effects import Subject
from services.chassis.data.work import NOBODY
from tests.conftest import settings_of
from tests.support.records import fetch

NOTED = "SELECT count(*) FROM audit_records WHERE action = 'noted apart'"


@pytest.fixture
async def small(admin_url: str) -> AsyncIterator[Database]:
    """With one connection for requests."""
    settings = settings_of("registry", admin_url).model_copy(update={"database_pool_size": 1})
    database = Database(settings, "registry")
    yield database
    await database.close()


async def note_apart(database: Database, and_then: Exception | None = None) -> None:
    async with database.change() as change:
        async with asyncio.timeout(5), change.apart(NOBODY) as apart:
            apart.record("noted apart", Subject("nothing"))
        if and_then is not None:
            raise and_then


async def test_what_is_done_apart_stays_whatever_becomes_of_the_other(
    racing_registry: httpx.AsyncClient, small: Database
) -> None:
    with pytest.raises(ValueError, match="too late"):
        await note_apart(small, ValueError("too late"))
    [[noted]] = await fetch(racing_registry, NOTED)
    assert noted == 1


async def test_many_at_once_do_not_wait_for_each_other(racing_registry: httpx.AsyncClient, small: Database) -> None:
    await asyncio.gather(*[note_apart(small) for _ in range(10)])
    [[noted]] = await fetch(racing_registry, NOTED)
    assert noted == 10
