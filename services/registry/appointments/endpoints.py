"""/appointments and their coverage."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    OutsideScope,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.web.answers import Answer, Terms, created_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.expand_parameter import Expand
from services.chassis.web.expanding import opened
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.registry.appointments import actions, queries
from services.registry.appointments.schemas import (
    AppointmentChanged,
    AppointmentCoverageRead,
    AppointmentCreate,
    AppointmentEnd,
    AppointmentList,
    CoverageQuery,
    ListedAppointment,
)
from services.registry.demands import CanEditAppointments, CanReadAppointments
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
        Page[ListedAppointment], NotAcceptable, files=files("csv", "xlsx", "ndjson")
    ),
)
async def list_appointments(
    caller: CanReadAppointments,
    reading: Reading,
    request: Request,
    query: Annotated[AppointmentList, Query()],
) -> Response:
    """Coordinators and animators in the caller's counties: all, or those of the day `as_of`."""
    listed = queries.list_appointments(caller, query)
    return await list_answer(request, reading, query, listed)


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
    says. Days without them are listed in `warnings`.
    """
    appointment = await actions.appoint_person(change, new, clock.today())
    path = f"/v1/registry/appointments/{appointment.key}"
    return created_answer(appointment, path)


# Before `/{appointment_id}`: the first route that matches is taken.
@router.get("/coverage", responses=answers(AppointmentCoverageRead, ProgrammeNotFound))
async def get_appointment_coverage(
    caller: CanReadAppointments,
    reading: Reading,
    query: Annotated[CoverageQuery, Query()],
) -> Answer:
    """The sites of a programme in the caller's counties: who is there on a day, and every gap with its days."""
    day = query.as_of or clock.today()
    coverage = await queries.get_coverage(reading, query, day)
    # No ETag: the answer follows from all sites and appointments of the programme, so
    # no single version identifies it.
    headers = {"cache-control": "no-cache"}
    return Answer(coverage.model_dump_json(by_alias=True), headers=headers)


@router.get(
    "/{appointment_id}", responses=answers(ListedAppointment, AppointmentNotFound)
)
async def get_appointment(
    caller: CanReadAppointments,
    reading: Reading,
    terms: Terms,
    appointment_id: Id,
    expand: Expand = None,
) -> Answer:
    """One appointment."""
    appointment = await queries.get_appointment(reading, appointment_id)
    answer = await opened(reading, appointment, expand, queries.EXPANSIONS)
    return stored_answer(answer, None if expand else terms)


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
    """End an appointment. Days on which the role is vacant are not refused but listed
    in `warnings`.

    To call off an appointment before its first day, end it on that day:
    it never begins.
    """
    version = expected_version(if_match, appointment_id)
    appointment = await actions.end_appointment(
        change, appointment_id, end, version, clock.today()
    )
    return stored_answer(appointment)
