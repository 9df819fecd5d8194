"""What is done before somebody asks, and taken back after they were answered."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from services.chassis.background.jobs import enqueue
from services.chassis.data.database import Database
from services.chassis.trust.callers import Caller
from services.chassis.trust.relations import account_holder
from tests.support.asks import Ask
from tests.support.holders import Holder
from tests.support.records import app_of

RELATE = "INSERT INTO relations (holder, kind, object_id, county_terc) VALUES ($1, $2, $3, '2401')"


@asynccontextmanager
async def undone(client: httpx.AsyncClient) -> AsyncIterator[None]:
    """Nothing of what happens meanwhile stays."""
    attempt = app_of(client).state.database.take.lent.driver.transaction()
    await attempt.start()
    yield
    await attempt.rollback()


async def relate(client: httpx.AsyncClient, holder: Holder, ask: Ask) -> None:
    """Give the holder each relation that leads to what is asked for."""
    database: Database = app_of(client).state.database
    async with database.change(Caller("somebody else", counties=frozenset({"*"}))) as change:
        for kind, objects in ask.related.items():
            for object_id in objects.split():
                await change.run(RELATE, account_holder(holder.role or ""), kind, uuid.UUID(object_id))


async def start_job(client: httpx.AsyncClient) -> str:
    """A job of somebody else that nobody works on."""
    requester = Caller("somebody else", counties=frozenset({"*"}))
    database: Any = app_of(client).state.database
    async with database.change() as change:
        return str(await enqueue(change, requester, "nothing", {}))
