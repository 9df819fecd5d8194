"""Relations as they begin and end: what a row of them allows counts from the next question on."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.chassis.data.work import Change
from services.chassis.trust.relations import RELATIONS


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
    rows = [
        {
            "holder": holder,
            "kind": kind,
            "object_id": object_id,
            "ends_at": ends_at,
            "county_terc": county_terc,
        }
        for object_id in sorted(set(objects))
    ]
    if not rows:
        return
    added = insert(RELATIONS).values(rows)
    await change.execute(
        added.on_conflict_do_update(
            index_elements=["holder", "kind", "object_id"],
            set_={
                "ends_at": added.excluded.ends_at,
                "county_terc": added.excluded.county_terc,
            },
        )
    )


async def unrelate(
    change: Change, holder: str, kind: str, objects: Iterable[UUID]
) -> None:
    """Take the holder's relations of that kind to these objects away."""
    mine = (RELATIONS.c.holder == holder, RELATIONS.c.kind == kind)
    await change.execute(
        delete(RELATIONS).where(*mine, RELATIONS.c.object_id.in_([*objects]))
    )


@asynccontextmanager
async def acting_everywhere(change: Change) -> AsyncIterator[None]:
    """Meanwhile the rows of every county are within reach: for what follows by itself from a change that was allowed.

    The caller stays who they are.
    """
    caller = change.caller
    await change.act_for(replace(caller, counties=frozenset({"*"})))
    yield
    await change.act_for(caller)
