"""Relations as they begin and end: they count from the next question on."""

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
    """What somebody is to one thing, from `starts_at` to before `ends_at`, if given."""

    holder: str
    kind: str
    object_id: UUID
    county_terc: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


async def write_relations(change: Change, relations: Iterable[Relation]) -> None:
    """Add relations. One that is there already gets the new times."""
    # In one order for all: two changes never wait for each other's rows.
    rows = [
        each._asdict() for each in sorted(set(relations), key=lambda each: each[:3])
    ]
    if not rows:
        return
    added = insert(RELATIONS).values(rows)
    changed = ("starts_at", "ends_at", "county_terc")
    await change.execute(
        added.on_conflict_do_update(
            index_elements=["holder", "kind", "object_id"],
            set_={name: added.excluded[name] for name in changed},
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
    taken = delete(RELATIONS).where(
        RELATIONS.c.holder == holder, RELATIONS.c.kind == kind
    )
    if objects is not None:
        taken = taken.where(RELATIONS.c.object_id.in_([*objects]))
    await change.execute(taken)


@asynccontextmanager
async def acting_as(reading: Reading, other: Caller) -> AsyncIterator[None]:
    """In here questions have another's reach; afterwards, and after an error, one's own."""
    caller = reading.caller
    await reading.act_for(other)
    try:
        yield
    except BaseException:
        reading.caller = caller
        # Of a change the wider reach ends with its transaction or savepoint, which takes
        # no more statements; outside of one nothing else takes it back.
        if not isinstance(reading, Change):
            await reading.act_for(caller)
        raise
    await reading.act_for(caller)


def acting_everywhere(reading: Reading) -> AbstractAsyncContextManager[None]:
    """Every county's rows are within reach meanwhile; the caller stays who they are."""
    # For what follows by itself from a change that was allowed.
    return acting_as(reading, replace(reading.caller, counties=frozenset({"*"})))


def acting_in(reading: Reading, county: str) -> AbstractAsyncContextManager[None]:
    """Meanwhile this county is one of the caller's: they may do there what they may."""
    counties = reading.caller.counties | {county}
    return acting_as(reading, replace(reading.caller, counties=counties))
