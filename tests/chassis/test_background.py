"""What a service does beside answering goes on through every fault, and never ends alone."""

import asyncio
import signal
from contextlib import suppress

import pytest
from pydantic import SecretStr
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi

from services.chassis.background import queue, sealing
from services.chassis.background.ending import ending_with_its_work
from services.chassis.background.queue import JobRunner
from services.chassis.background.sealer import Sealer
from services.chassis.background.sealing import keep_sealed
from services.chassis.data.database import Database
from services.chassis.data.effects import Subject
from services.chassis.ground.settings import ServiceSettings
from tests.chassis.conftest import Admin, until
from tests.chassis.depot import JOBS

# Of SQLAlchemy's own kind and no SQLAlchemyError: a connection that broke while it was made.
BROKEN = AsyncAdapt_asyncpg_dbapi.Error("connection was closed in the middle of operation")  # type: ignore[no-untyped-call]


async def test_a_service_whose_work_broke_is_asked_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(signal, "raise_signal", asked.append)

    async def break_off() -> None:
        raise BROKEN

    async with ending_with_its_work(), asyncio.TaskGroup() as group:
        group.create_task(break_off())
        await asyncio.Event().wait()
    assert asked == [signal.SIGTERM]


async def test_the_trail_is_sealed_after_a_fault_that_has_no_class_of_its_own(
    depot_database: Database, depot_settings: ServiceSettings, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, seal = [BROKEN], Sealer.seal

    async def break_once(sealer: Sealer) -> None:
        if faults:
            raise faults.pop()
        await seal(sealer)

    monkeypatch.setattr(Sealer, "seal", break_once)
    monkeypatch.setattr(sealing, "SECONDS_BETWEEN_SEALS", 0)
    seed = SecretStr("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
    async with depot_database.change() as one:
        one.record("make_thing", Subject("things/1"))
    keeping = asyncio.create_task(keep_sealed(depot_database, depot_settings.model_copy(update={"audit_key": seed})))
    await until(admin, "SELECT EXISTS (SELECT FROM audit_seals)")
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping


async def test_jobs_are_taken_after_a_fault_that_has_no_class_of_its_own(
    depot_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, taken = [BROKEN], asyncio.Event()

    async def break_once(_: JobRunner) -> None:
        if faults:
            raise faults.pop()
        taken.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(queue.JobRunner, "_consume", break_once)
    running = asyncio.create_task(JobRunner(depot_database, JOBS).run())
    async with asyncio.timeout(30):
        await taken.wait()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
