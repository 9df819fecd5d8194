"""Many screenings in one transaction: what is wrong with one does not touch the others."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.correlation import trace_id
from services.chassis.database import problem_of
from services.chassis.identity import Caller
from services.chassis.problems import Language, Problem
from services.chassis.refusals import problem_bytes
from services.chassis.routes import Answer
from services.screening.permissions import Permission
from services.screening.problems import ScreeningAlreadyRecorded
from services.screening.screening_batches.schemas import ScreeningBatch
from services.screening.screenings import queries
from services.screening.screenings.actions import demand_place, read_screening, record_screening
from services.screening.screenings.rules.states import State
from services.screening.screenings.schemas import ScreeningCreate

_SAME: tuple[str, ...] = ("campaign_id", "stage", "subject_ref", "sex", "county_terc", "institution_id")
_SAME += ("instrument_code", "instrument_version", "informant", "answers")
_REFUSED = asyncpg.UniqueViolationError, asyncpg.ForeignKeyViolationError


async def create_screenings(
    session: AsyncSession, caller: Caller, batch: ScreeningBatch, today: date, language: Language
) -> Answer:
    """Record each on its own; what the database refuses of one is told of that one, too."""
    items = []
    for index, given in enumerate(batch.items):
        told: dict[str, Any] = {"index": index, "status": "refused", "id": None, "problem": None}
        try:
            new = read_screening(given)
            async with session.begin_nested():
                found, told["status"] = await _known_or_recorded(session, caller, new, today)
            told["id"] = str(found)
        except (Problem, *_REFUSED) as error:
            told |= {"status": "refused", "problem": _problem(error, index, language)}
        items.append(told)
    return Answer(json.dumps({"items": items}, ensure_ascii=False))


def _problem(error: Exception, index: int, language: Language) -> Any:
    place = f"/items/{index}"
    return json.loads(problem_bytes(problem_of(error), language=language, trace_id=trace_id(), instance=place))


async def _known_or_recorded(
    session: AsyncSession, caller: Caller, new: ScreeningCreate, today: date
) -> tuple[UUID, str]:
    if new.source is not None and new.external_id is not None:
        demand_place(caller, Permission.SUBMIT_SCREENINGS, new.county_terc, new.institution_id)
        place = new.county_terc, new.source, new.external_id
        known = await queries.find_by_external_id(session, caller, *place)
        if known is not None:
            differs = any(known._mapping[name] != value for name, value in _told_again(new).items())
            if known.state == State.ANNULLED or differs:
                raise ScreeningAlreadyRecorded()
            return known.id, "unchanged"
    return (await record_screening(session, caller, new, today)).id, "created"


def _told_again(new: ScreeningCreate) -> dict[str, Any]:
    told = new.model_dump(include={*_SAME})
    return told | {"stage": (new.stage or 1) if new.campaign_id else None}
