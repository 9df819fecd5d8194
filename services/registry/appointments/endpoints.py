"""/appointments and their coverage."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis import clock
from services.chassis.answers import Answer, Terms
from services.chassis.concurrency import IfMatch
from services.chassis.database import Change, Reading
from services.chassis.exports import files, page_or_file
from services.chassis.listing import Page
from services.chassis.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
    answers,
)
from services.chassis.routes import router as slice_router
from services.chassis.scalars import Id
from services.registry.appointments import actions, queries
from services.registry.appointments.schemas import (
    AppointmentChanged,
    AppointmentCreate,
    AppointmentEnd,
    AppointmentList,
    AppointmentRead,
    CoverageQuery,
    CoverageRead,
)
from services.registry.permissions import CanEditAppointments, CanReadAppointments
from services.registry.problems import (
    AlreadyAppointed,
    AnimatorsComplete,
    AppointmentNotFound,
    CoordinatorAlreadyAppointed,
    NotCoordinatingInstitution,
    ProgrammeNotFound,
)

router = slice_router(prefix="/appointments", tags=["appointments"])


@router.get(
    "",
    responses=answers(
        Page[AppointmentRead], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_appointments(
    caller: CanReadAppointments,
    reading: Reading,
    request: Request,
    query: Annotated[AppointmentList, Query()],
) -> Response:
    """Coordinators and animators in the caller's counties: all, or those of the day `as_of`."""
    listing, found = queries.list_appointments(caller, query)
    return await page_or_file(request, caller, reading, query, listing, found)


@router.post(
    "",
    status_code=201,
    responses=answers(
        AppointmentChanged,
        OutsideScope,
        UnknownReference,
        StateConflict,
        AlreadyAppointed,
        CoordinatorAlreadyAppointed,
        AnimatorsComplete,
        NotCoordinatingInstitution,
        status=201,
    ),
)
async def appoint_person(
    caller: CanEditAppointments, change: Change, new: AppointmentCreate
) -> Answer:
    """Appoint a person, by their account, to a role at a site.

    A site has one cross-sector support coordinator (KWM) at any time; a location as many animators as its programme
    says. Days that stay without them are told as `warnings`.
    """
    return await actions.appoint_person(change, caller, new, clock.today())


@router.get("/coverage", responses=answers(CoverageRead, ProgrammeNotFound))
async def get_appointment_coverage(
    caller: CanReadAppointments,
    reading: Reading,
    query: Annotated[CoverageQuery, Query()],
) -> Answer:
    """The sites of a programme in the caller's counties: who is there on a day, and every gap with its days."""
    found = await queries.get_coverage(
        reading, caller, query, query.as_of or clock.today()
    )
    return Answer(
        found.model_dump_json(by_alias=True), headers={"cache-control": "no-cache"}
    )


@router.get(
    "/{appointment_id}", responses=answers(AppointmentRead, AppointmentNotFound)
)
async def get_appointment(
    caller: CanReadAppointments, reading: Reading, terms: Terms, appointment_id: Id
) -> Answer:
    """One appointment."""
    return await queries.get_appointment(reading, terms, caller, appointment_id)


@router.post(
    "/{appointment_id}/end",
    responses=answers(
        AppointmentChanged,
        AppointmentNotFound,
        PreconditionRequired,
        VersionMismatch,
        StateConflict,
    ),
)
async def end_appointment(
    caller: CanEditAppointments,
    change: Change,
    appointment_id: Id,
    end: AppointmentEnd,
    if_match: IfMatch = None,
) -> Answer:
    """Let a person leave a role. What that leaves without anybody is told as `warnings`; it is not refused.

    Before its first day an appointment is called off by ending it on that day: it never begins.
    """
    return await actions.end_appointment(
        change, caller, appointment_id, end, if_match, clock.today()
    )
