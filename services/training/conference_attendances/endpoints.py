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
    # Rows of every county are counted, which needs a transaction.
    reading: Audited,
    conference_id: Id,
) -> Answer:
    """How many had a place and came, by audience: counts stay when nobody is known any
    more.
    """
    counts = await actions.read_counts(reading, conference_id)
    # Counts have no version: whoever keeps them asks again before using them.
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
    """Record who of those with a place came and who did not, from the conference's day
    on: people of own counties.

    The same list may be sent again; what was said of somebody before is corrected with
    a reason.
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
    """Say the contrary of what is recorded of somebody, with the reason. What was said
    before stays readable.
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
    """What was corrected of whether somebody came, by whom and why, the first first."""
    permission = Permission.READ_REGISTRATIONS
    seen = await get_registration(reading, registration_id, permission)
    path = f"conference-registrations/{registration_id}"
    subject = Subject(path, seen.version, seen.county_terc)
    action = "list_conference_attendance_corrections"
    record_read(reading, action, subject, [registration_id])
    listed = queries.list_corrections(registration_id, caller)
    return page_answer(await page_of(reading, terms, query, listed), terms)
