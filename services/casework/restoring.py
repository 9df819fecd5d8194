"""Checks before the service answers requests: the keyring opens the stored keys, and
past erasures are repeated.

Tombstones are also written to a file outside the database. If the database is restored
from a backup that still contains people erased later, they are erased again when the
service starts.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import func, select, true

from services.casework.erasures.actions import Approval, add_tombstone, erase_person
from services.casework.erasures.models import Tombstone
from services.casework.erasures.queries import list_tombstones, stream_people_with
from services.casework.keys import keyring
from services.casework.people.queries import list_keys_by_keyring
from services.casework.settings import CaseworkSettings
from services.chassis.data.database import Database
from services.chassis.ground import clock
from services.chassis.ground.logs import describe_exception, logger
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import Erased, SealBroken

RESTORER = Caller("casework: tombstones", counties=frozenset({"*"}))
# If the disk is lost within this time after an erasure, the file lacks that erasure.
SECONDS_BETWEEN_COPIES = 5.0
# A tombstone becomes visible at the end of its transaction,
# which may be long after `erased_at`.
_LOOKED_BACK = timedelta(hours=1)
_LONGEST_UNCOPIED = timedelta(minutes=1)
# The restore sets it to the time of the restored state (deploy/archive).
_RESTORED_TO = func.current_setting("splot.restored_to", true())

log = logger("tombstones")


class TombstoneLine(BaseModel):
    """A line of the file: the digest of an erased person,
    the legal basis, by whom and when.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    digest: str = Field(pattern="^[0-9a-f]{64}$")
    county_terc: str
    basis: str
    approved_by: str
    erased_at: datetime


def read_tombstones(path: Path) -> list[Tombstone]:
    """The tombstones of a file.

    Raises OSError, or ValueError with the number of a wrong line.
    """
    tombstones = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            parsed = TombstoneLine.model_validate_json(line)
        except ValidationError:
            raise ValueError(f"line {number} of the tombstones is not one") from None
        digest = bytes.fromhex(parsed.digest)
        tombstones.append(Tombstone(**parsed.model_dump() | {"digest": digest}))
    return tombstones


def append_tombstones(path: Path, tombstones: Sequence[Tombstone]) -> None:
    """Append lines to the file, and flush them to the disk before returning."""
    if not tombstones:
        return
    lines = [_line(tombstone) for tombstone in tombstones]
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def _line(tombstone: Tombstone) -> str:
    facts = tombstone.model_dump() | {"digest": tombstone.digest.hex()}
    return TombstoneLine(**facts).model_dump_json()


async def require_keys(database: Database) -> None:
    """ValueError unless the keyring can unwrap keys of every wrapping key in use."""
    async with database.reading(RESTORER) as reading:
        for owner, wrapped in await list_keys_by_keyring(reading):
            try:
                keyring().unwrap(wrapped, owner)
            except SealBroken:
                name = wrapped.keyring_id
                raise ValueError(
                    f"the keyring does not open what was wrapped by its key {name}"
                ) from None


async def require_tombstones(database: Database, path: Path | None) -> None:
    """ValueError where the database was restored and there is no matching file
    of tombstones.

    A file that lacks tombstones of the database is a wrong one,
    or was restored as well.
    """
    async with database.reading(RESTORER) as reading:
        restored_to = await reading.scalar(select(_RESTORED_TO))
        if not restored_to:
            return
        if path is None:
            raise ValueError(
                f"the database was restored to {restored_to}: without TOMBSTONE_FILE"
                " nobody knows who was erased since"
            )
        stones = await list_tombstones(reading)
    in_file = {stone.digest for stone in await asyncio.to_thread(read_tombstones, path)}
    until = datetime.fromisoformat(restored_to) - _LONGEST_UNCOPIED
    if any(stone.erased_at < until and stone.digest not in in_file for stone in stones):
        raise ValueError(
            f"the database was restored to {restored_to} and knows tombstones that are"
            " not in TOMBSTONE_FILE: it is not the file that was kept until then"
        )


async def repeat_erasures(database: Database, path: Path) -> int:
    """Erase all people of the file who are still in the database; returns their number."""
    in_file = {stone.digest: stone for stone in read_tombstones(path)}
    async with database.snapshot(RESTORER) as reading:
        existing_digests = {stone.digest for stone in await list_tombstones(reading)}
        missing = {
            digest: stone
            for digest, stone in in_file.items()
            if digest not in existing_digests
        }
        people = (
            [pair async for pair in stream_people_with(reading, missing)]
            if missing
            else []
        )
    for digest, person_id in people:
        stone = missing[digest]
        approval = Approval(stone.basis, stone.approved_by, stone.erased_at)
        # A merged record is erased with the one that it was merged into.
        with suppress(Erased):
            # One transaction each, so that an interrupted start continues
            # where it stopped.
            async with database.change(RESTORER) as change:
                await erase_person(change, person_id, approval, is_repeated=True)
    # Also for people who are not in this database:
    # the next restore may bring them back.
    async with database.change(RESTORER) as change:
        for stone in missing.values():
            await add_tombstone(change, stone)
    if people:
        log.warning("people erased again after a restore", people=len(people))
    return len(people)


async def copy_tombstones(
    database: Database, path: Path, since: datetime | None = None
) -> None:
    """Copy the database's tombstones, or those since a time, to the file."""
    async with database.reading(RESTORER) as reading:
        stones = await list_tombstones(reading, since)
    if stones:
        copied_digests = {
            stone.digest for stone in await asyncio.to_thread(read_tombstones, path)
        }
        # Compared with the file, because several processes may share it.
        new = [stone for stone in stones if stone.digest not in copied_digests]
        await asyncio.to_thread(append_tombstones, path, new)


async def _keep_copied(database: Database, path: Path) -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_COPIES)
        try:
            await copy_tombstones(database, path, clock.now() - _LOOKED_BACK)
        except Exception as error:  # noqa: BLE001
            # Any error: this task must not end, because nothing would restart it.
            log.warning("tombstones not copied", **describe_exception(error))


async def _wait_for_database(database: Database) -> None:
    """Wait until the database answers and its migrations are done."""
    pause = 0.1
    while True:
        try:
            async with database.reading() as reading:
                # A table of casework: if it exists, the migrations are done.
                await reading.fetch("SELECT FROM person_keys LIMIT 1")
        except Exception as error:  # noqa: BLE001
            # The driver's errors have no common base class, and each may be temporary.
            log.warning("waiting for the database", **describe_exception(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)
        else:
            return


@asynccontextmanager
async def restored(settings: CaseworkSettings) -> AsyncIterator[None]:
    """Context in which past erasures are repeated and tombstones are copied regularly.
    The keyring must be open.

    Raises ValueError or OSError where the keys or the file are wrong; then the service
    does not start.
    """
    database, path = Database(settings, "casework"), settings.tombstone_file
    copying: asyncio.Task[None] | None = None
    try:
        await _wait_for_database(database)
        await require_keys(database)
        await require_tombstones(database, path)
        if path is not None:
            await repeat_erasures(database, path)
            await copy_tombstones(database, path)
            copying = asyncio.create_task(_keep_copied(database, path))
        yield
    finally:
        if copying is not None:
            copying.cancel()
        await database.close()
