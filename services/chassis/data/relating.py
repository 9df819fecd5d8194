"""Relations as they begin and end: what a row of them allows counts from the next question on."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.chassis.data.work import Change
from services.chassis.trust.relations import RELATIONS


class Relation(NamedTuple):
    """What somebody is to one thing, from `starts_at` to before `ends_at` where they are given."""

    holder: str
    kind: str
    object_id: UUID
    county_terc: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


async def write_relations(change: Change, relations: Iterable[Relation]) -> None:
    """Add relations. One that is there already gets the new times."""
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
    """Let the holder have a relation of that kind to each object, until `ends_at` where it is given.

    A relation that is there already gets the new end.
    """
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
async def acting_everywhere(change: Change) -> AsyncIterator[None]:
    """Meanwhile the rows of every county are within reach: for what follows by itself from a change that was allowed.

    The caller stays who they are.
    """
    caller = change.caller
    await change.act_for(replace(caller, counties=frozenset({"*"})))
    yield
    await change.act_for(caller)


@asynccontextmanager
async def acting_in(change: Change, county_terc: str) -> AsyncIterator[None]:
    """Meanwhile this county is one of the caller's: what they may do, they may do there as well."""
    caller = change.caller
    await change.act_for(replace(caller, counties=caller.counties | {county_terc}))
    yield
    await change.act_for(caller)
