"""Many screenings in one transaction: a fault of one does not affect the others."""

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

# Without the submission: of its day of birth only the month and the age are stored.
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
# When two requests record one id at once, the unique index refuses the second: only
# that item is refused, not its batch.
_REFUSED_BY_DATABASE = (asyncpg.UniqueViolationError, asyncpg.ForeignKeyViolationError)
Refusal = Problem | asyncpg.UniqueViolationError | asyncpg.ForeignKeyViolationError


class Recording(NamedTuple):
    """The outcome for one screening of a batch: its id, or the refusal."""

    status: BatchStatus
    screening_id: UUID | None = None
    refusal: Refusal | None = None


async def create_screenings(
    change: Change, batch: ScreeningBatch, today: date
) -> list[Recording]:
    """Record each screening separately and in order; a refusal affects that one only."""
    screenings = [_read_item(facts) for facts in batch.items]
    # One request for all, before the first write: no lock may wait for the registry.
    institution_ids = [
        new.institution_id for new in screenings if not isinstance(new, Problem)
    ]
    unknown_institutions = await find_unknown_institutions(institution_ids)
    return [
        await _record_item(change, new, today, unknown_institutions)
        for new in screenings
    ]


def _read_item(facts: object) -> ScreeningCreate | Problem:
    # The model of the body passes on invalid items without their errors, so they are
    # validated here.
    try:
        return read_screening(facts)
    except Problem as problem:
        return problem


async def _record_item(
    change: Change,
    new: ScreeningCreate | Problem,
    today: date,
    unknown_institutions: frozenset[UUID],
) -> Recording:
    """Record one screening, unless it is already recorded or is refused."""
    if isinstance(new, Problem):
        return Recording(BatchStatus.REFUSED, refusal=new)
    try:
        # A savepoint for each: an error of the database rolls back this screening only.
        async with change.nested():
            existing_screening = await _find_existing_screening(change, new)
            if existing_screening is not None:
                return Recording(BatchStatus.UNCHANGED, existing_screening.id)
            screening = await record_screening(change, new, today, unknown_institutions)
            return Recording(BatchStatus.CREATED, screening.id)
    except (Problem, *_REFUSED_BY_DATABASE) as refusal:
        return Recording(BatchStatus.REFUSED, refusal=refusal)


async def _find_existing_screening(
    change: Change, new: ScreeningCreate
) -> Screening | None:
    """The screening that is already recorded with this county, source and external id.

    ScreeningAlreadyRecorded if it has other facts or is annulled.
    """
    if new.source is None or new.external_id is None:
        return None
    place = (new.county_terc, new.institution_id)
    # Before the look-up: `unchanged` would reveal that a county out of reach
    # has this id.
    demand_place(change.caller, Permission.SUBMIT_SCREENINGS, *place)
    existing_screening = await queries.find_by_external_id(
        change, new.county_terc, new.source, new.external_id
    )
    if existing_screening is not None and (
        existing_screening.state == State.ANNULLED or _differs(existing_screening, new)
    ):
        raise ScreeningAlreadyRecorded()
    return existing_screening


def _differs(existing_screening: Screening, new: ScreeningCreate) -> bool:
    facts = new.model_dump(include=_COMPARED)
    # A screening of a campaign is recorded with stage 1 if the request names no stage.
    facts["stage"] = (new.stage or 1) if new.campaign_id else None
    return any(
        getattr(existing_screening, name) != value for name, value in facts.items()
    )
