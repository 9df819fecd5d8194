"""Many screenings in one transaction: what is wrong with one does not touch the others."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.chassis.data.work import Change
from services.chassis.ground.problems import Problem
from services.screening.peers import find_unknown_institutions
from services.screening.permissions import Permission
from services.screening.problems import ScreeningAlreadyRecorded
from services.screening.screening_batches import queries
from services.screening.screening_batches.rules import BatchStatus
from services.screening.screening_batches.schemas import ScreeningBatch
from services.screening.screenings.actions import (
    demand_place,
    read_screening,
    record_screening,
)
from services.screening.screenings.models import Screening
from services.screening.screenings.rules.states import State
from services.screening.screenings.schemas import ScreeningCreate

# Without the submission: of its day of birth only the month and the age were kept.
_COMPARED = {
    "campaign_id",
    "subject_ref",
    "sex",
    "county_terc",
    "institution_id",
    "instrument_code",
    "instrument_version",
    "informant",
    "answers",
}
# Of two requests that record one id at once the unique index refuses the second: that
# item is refused, and not its batch.
_REFUSED_BY_DATABASE = (asyncpg.UniqueViolationError, asyncpg.ForeignKeyViolationError)
Refusal = Problem | asyncpg.UniqueViolationError | asyncpg.ForeignKeyViolationError


class Recording(NamedTuple):
    """What became of one screening of a batch: its id, or why it was refused."""

    status: BatchStatus
    screening_id: UUID | None = None
    refusal: Refusal | None = None


async def create_screenings(
    change: Change, batch: ScreeningBatch, today: date
) -> list[Recording]:
    """Record each screening on its own, in order; a refusal concerns that one alone."""
    screenings = [_read(facts) for facts in batch.items]
    # All at once and before the first write: another service is never asked under a
    # lock.
    named = [new.institution_id for new in screenings if not isinstance(new, Problem)]
    unknown_institutions = await find_unknown_institutions(named)
    return [
        await _recorded(change, new, today, unknown_institutions) for new in screenings
    ]


def _read(facts: object) -> ScreeningCreate | Problem:
    # The body's own reading passed on what it could not read, and did not keep what was wrong.
    try:
        return read_screening(facts)
    except Problem as problem:
        return problem


async def _recorded(
    change: Change,
    new: ScreeningCreate | Problem,
    today: date,
    unknown_institutions: frozenset[UUID],
) -> Recording:
    """Record one, unless it is recorded already or cannot be."""
    if isinstance(new, Problem):
        return Recording(BatchStatus.REFUSED, refusal=new)
    try:
        # A savepoint each: what the database refuses of one takes nothing of the others back.
        async with change.nested():
            known = await _find_known(change, new)
            if known is not None:
                return Recording(BatchStatus.UNCHANGED, known.id)
            made = await record_screening(change, new, today, unknown_institutions)
            return Recording(BatchStatus.CREATED, made.id)
    except (Problem, *_REFUSED_BY_DATABASE) as refusal:
        return Recording(BatchStatus.REFUSED, refusal=refusal)


async def _find_known(change: Change, new: ScreeningCreate) -> Screening | None:
    """What is recorded under this county, source and id.

    ScreeningAlreadyRecorded where it has other facts or is annulled.
    """
    if new.source is None or new.external_id is None:
        return None
    place = (new.county_terc, new.institution_id)
    # Before the look-up: `unchanged` would tell that a county out of reach has this id.
    demand_place(change.caller, Permission.SUBMIT_SCREENINGS, *place)
    known = await queries.find_by_external_id(
        change, new.county_terc, new.source, new.external_id
    )
    if known is not None and (known.state == State.ANNULLED or _differs(known, new)):
        raise ScreeningAlreadyRecorded()
    return known


def _differs(known: Screening, new: ScreeningCreate) -> bool:
    facts = new.model_dump(include=_COMPARED)
    # Recorded with stage 1 in a campaign where the request names none.
    facts["stage"] = (new.stage or 1) if new.campaign_id else None
    return any(getattr(known, name) != value for name, value in facts.items())
