"""Relations as they begin and end: they count from the next statement on."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.chassis.data.work import Change, Reading
from services.chassis.trust.callers import Caller
from services.chassis.trust.relations import RELATIONS


class Relation(NamedTuple):
    """A relation to one object, from `starts_at` to before `ends_at`, if given."""

    holder: str
    kind: str
    object_id: UUID
    county_terc: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


async def write_relations(change: Change, relations: Iterable[Relation]) -> None:
    """Add relations. One that is there already gets the new times."""
    # Sorted: two changes never wait for each other's rows.
    rows = [
        each._asdict() for each in sorted(set(relations), key=lambda each: each[:3])
    ]
    if not rows:
        return
    insertion = insert(RELATIONS).values(rows)
    columns = ("starts_at", "ends_at", "county_terc")
    await change.execute(
        insertion.on_conflict_do_update(
            index_elements=["holder", "kind", "object_id"],
            set_={name: insertion.excluded[name] for name in columns},
        )
    )


async def relate(
    change: Change,
    holder: str,
    kind: str,
    objects: Iterable[UUID],
    county_terc: str,
    ends_at: datetime | None = None,
) -> None:
    """Give this relation to each object, until `ends_at`; an old one gets that end."""
    await write_relations(
        change,
        [
            Relation(holder, kind, object_id, county_terc, ends_at=ends_at)
            for object_id in objects
        ],
    )


async def unrelate(
    change: Change, holder: str, kind: str, objects: Iterable[UUID] | None = None
) -> None:
    """Take the holder's relations of that kind away: those to these objects, or all."""
    deletion = delete(RELATIONS).where(
        RELATIONS.c.holder == holder, RELATIONS.c.kind == kind
    )
    if objects is not None:
        deletion = deletion.where(RELATIONS.c.object_id.in_([*objects]))
    await change.execute(deletion)


@asynccontextmanager
async def acting_as(reading: Reading, other: Caller) -> AsyncIterator[None]:
    """Give statements in the block another caller's reach; also an error ends it."""
    caller = reading.caller
    await reading.act_for(other)
    try:
        yield
    except BaseException:
        reading.caller = caller
        # In a change the wider reach ends with its transaction or savepoint, which
        # takes no more statements; outside of one nothing else takes it back.
        if not isinstance(reading, Change):
            await reading.act_for(caller)
        raise
    await reading.act_for(caller)


def acting_everywhere(reading: Reading) -> AbstractAsyncContextManager[None]:
    """Inside the block every county's rows are in reach, for the same caller."""
    # For consequences of a change that was allowed.
    return acting_as(reading, replace(reading.caller, counties=frozenset({"*"})))


def acting_in(reading: Reading, county: str) -> AbstractAsyncContextManager[None]:
    """Inside the block this county is one of the caller's, with the same rights."""
    counties = reading.caller.counties | {county}
    return acting_as(reading, replace(reading.caller, counties=counties))
