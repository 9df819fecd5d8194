"""/cases/{id}/early-support-hours."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.casework.cases.queries import get_case
from services.casework.demands import CanReadSupportEvents
from services.casework.early_support_hours import queries
from services.casework.early_support_hours.schemas import EarlySupportHours, HoursQuery
from services.casework.laws.rules.values import LawNotKnown
from services.casework.permissions import Permission
from services.casework.problems import CaseNotFound
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Audited

router = slice_router(tags=["support-events"])


@router.get(
    "/cases/{case_id}/early-support-hours",
    responses=answers(EarlySupportHours, CaseNotFound, LawNotKnown),
)
async def get_early_support_hours(
    caller: CanReadSupportEvents,
    reading: Audited,
    case_id: Id,
    query: Annotated[HoursQuery, Query()],
) -> Answer:
    """The child's hours of early development support in a month, compared with the law
    (Dz.U. 2017 poz. 1635, § 6): four to eight, or more with the running body's consent.
    """
    # By the permission for support events: permission for the case alone is not enough.
    case = await get_case(reading, case_id, Permission.READ_SUPPORT_EVENTS)
    path = f"cases/{case_id}/early-support-hours"
    subject = Subject(path, county=case.county_terc)
    people = [case.person_id]
    record_read(reading, "get_early_support_hours", subject, people, Category.SUPPORT)
    # Cannot fail: the parameter's pattern accepts only months.
    first = date.fromisoformat(f"{query.month}-01")
    hours = await queries.get_hours(reading, case, first)
    return Answer(hours.model_dump_json())
