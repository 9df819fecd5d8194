"""/conferences/{conference_id}/attendance, and its corrections."""

from typing import Annotated

from fastapi import Query

from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, page_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Audited, Change
from services.training.conference_attendances import actions, queries
from services.training.conference_attendances.schemas import (
    AttendanceCorrectionQuery,
    ConferenceAttendanceCorrect,
    ConferenceAttendanceCorrectionRead,
    ConferenceAttendanceRead,
    ConferenceAttendanceRecord,
)
from services.training.conference_registrations.queries import get_registration
from services.training.conference_registrations.schemas import RegistrationRead
from services.training.demands import (
    CanReadConferences,
    CanReadRegistrations,
    CanRecordRegistrations,
)
from services.training.permissions import Permission
from services.training.problems import (
    ConferenceNotBegun,
    ConferenceNotFound,
    RegistrationNotFound,
)
from services.training.reads import record_read

router = slice_router(prefix="", tags=["conferences"])
_ALL = "/conferences/{conference_id}/attendance"
_ONE = "/conference-registrations/{registration_id}"


@router.get(_ALL, responses=answers(ConferenceAttendanceRead, ConferenceNotFound))
async def get_conference_attendance(
    caller: CanReadConferences,
    # `Audited` has a transaction, which counting over all counties needs.
    reading: Audited,
    conference_id: Id,
) -> Answer:
    """How many had a place and came, by audience. The counts stay after the erasure of
    the registrations.
    """
    counts = await actions.read_counts(reading, conference_id)
    # Counts have no version: a cache has to ask again before it uses them.
    return Answer(counts.model_dump_json(), headers={"cache-control": "no-cache"})


@router.post(
    _ALL,
    responses=answers(
        ConferenceAttendanceRead,
        ConferenceNotFound,
        StateConflict,
        ConferenceNotBegun,
        UnknownReference,
    ),
)
async def record_conference_attendance(
    caller: CanRecordRegistrations,
    change: Change,
    conference_id: Id,
    new: ConferenceAttendanceRecord,
) -> Answer:
    """Record which people with a place came and which did not, from the conference's
    first day on. Only people of the caller's counties.

    The same list may be sent again. A recorded attendance can only be changed by a
    correction with a reason.
    """
    today = clock.today()
    counts = await actions.record_attendance(change, conference_id, new, today)
    return Answer(counts.model_dump_json())


@router.post(
    f"{_ONE}/correct-attendance",
    responses=answers(
        RegistrationRead,
        RegistrationNotFound,
        StateConflict,
        ConferenceNotBegun,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def correct_conference_attendance(
    caller: CanRecordRegistrations,
    change: Change,
    registration_id: Id,
    correction: ConferenceAttendanceCorrect,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Reverse the recorded attendance of one person, with the reason. The former value
    stays readable.
    """
    version, today = expected_version(if_match, registration_id), clock.today()
    return stored_answer(
        await actions.correct_attendance(
            change, registration_id, correction, version, today
        )
    )


@router.get(
    f"{_ONE}/attendance-corrections",
    responses=answers(Page[ConferenceAttendanceCorrectionRead], RegistrationNotFound),
)
async def list_conference_attendance_corrections(
    caller: CanReadRegistrations,
    reading: Audited,
    terms: Terms,
    registration_id: Id,
    query: Annotated[AttendanceCorrectionQuery, Query()],
) -> Answer:
    """The corrections of one person's attendance, the oldest first."""
    permission = Permission.READ_REGISTRATIONS
    registration = await get_registration(reading, registration_id, permission)
    path = f"conference-registrations/{registration_id}"
    subject = Subject(path, registration.version, registration.county_terc)
    action = "list_conference_attendance_corrections"
    record_read(reading, action, subject, [registration_id])
    listed = queries.list_corrections(registration_id, caller)
    return page_answer(await page_of(reading, terms, query, listed), terms)
