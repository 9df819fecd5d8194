"""Many screenings in one transaction: what is wrong with one does not touch the others."""

import json
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from services.chassis.answers import Answer
from services.chassis.callers import Caller
from services.chassis.correlation import trace_id
from services.chassis.database import problem_of
from services.chassis.problems import Language, Problem
from services.chassis.refusals import problem_bytes
from services.chassis.work import Change
from services.screening.peers import find_unknown_institutions
from services.screening.permissions import Permission
from services.screening.problems import ScreeningAlreadyRecorded
from services.screening.screening_batches.schemas import ScreeningBatch
from services.screening.screenings import queries
from services.screening.screenings.actions import (
    demand_place,
    read_screening,
    record_screening,
)
from services.screening.screenings.rules.states import State
from services.screening.screenings.schemas import ScreeningCreate

_SAME: tuple[str, ...] = (
    "campaign_id",
    "stage",
    "subject_ref",
    "sex",
    "county_terc",
    "institution_id",
)
_SAME += ("instrument_code", "instrument_version", "informant", "answers")
_REFUSED = asyncpg.UniqueViolationError, asyncpg.ForeignKeyViolationError


class Recording(NamedTuple):
    """What all screenings of a batch have in common."""

    change: Change
    caller: Caller
    today: date
    unknown: frozenset[UUID]


async def create_screenings(
    change: Change,
    caller: Caller,
    batch: ScreeningBatch,
    today: date,
    language: Language,
) -> Answer:
    """Record each on its own; what the database refuses of one is told of that one, too."""
    items, read = [], [_read(given) for given in batch.items]
    named = [new.institution_id for new in read if not isinstance(new, Problem)]
    recording = Recording(change, caller, today, await find_unknown_institutions(named))
    for index, new in enumerate(read):
        told: dict[str, Any] = {
            "index": index,
            "status": "refused",
            "id": None,
            "problem": None,
        }
        try:
            if isinstance(new, Problem):
                raise new
            async with change.nested():
                found, told["status"] = await _known_or_recorded(recording, new)
            told["id"] = str(found)
        except (Problem, *_REFUSED) as error:
            told |= {"status": "refused", "problem": _problem(error, index, language)}
        items.append(told)
    return Answer(json.dumps({"items": items}, ensure_ascii=False))


def _read(given: object) -> ScreeningCreate | Problem:
    try:
        return read_screening(given)
    except Problem as problem:
        return problem


def _problem(error: Exception, index: int, language: Language) -> Any:
    place = f"/items/{index}"
    return json.loads(
        problem_bytes(
            problem_of(error), language=language, trace_id=trace_id(), instance=place
        )
    )


async def _known_or_recorded(
    recording: Recording, new: ScreeningCreate
) -> tuple[UUID, str]:
    change, caller, today, unknown = recording
    if new.source is not None and new.external_id is not None:
        demand_place(
            caller, Permission.SUBMIT_SCREENINGS, new.county_terc, new.institution_id
        )
        place = new.county_terc, new.source, new.external_id
        known = await queries.find_by_external_id(change, caller, *place)
        if known is not None:
            differs = any(
                known._mapping[name] != value
                for name, value in _told_again(new).items()
            )
            if known.state == State.ANNULLED or differs:
                raise ScreeningAlreadyRecorded()
            return known.id, "unchanged"
    return (await record_screening(change, caller, new, today, unknown)).id, "created"


def _told_again(new: ScreeningCreate) -> dict[str, Any]:
    told = new.model_dump(include={*_SAME})
    return told | {"stage": (new.stage or 1) if new.campaign_id else None}
