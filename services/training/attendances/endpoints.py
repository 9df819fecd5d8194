"""/sessions/{id}/attendance."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.problems import (
    NotAcceptable,
    PreconditionRequired,
    StateConflict,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import files, list_answer
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer, Terms, page_answer, stored_answer
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page, page_of
from services.chassis.web.units import Audited, Change
from services.training.attendances import actions, queries
from services.training.attendances.schemas import (
    AttendanceCorrect,
    AttendanceCorrectionRead,
    AttendanceList,
    AttendanceRead,
    AttendanceRecord,
    AttendanceSheetRead,
    CorrectionList,
)
from services.training.demands import CanReadAttendance, CanRecordAttendance
from services.training.problems import (
    AttendanceIncomplete,
    AttendanceNotFound,
    CertificateStands,
    NotTrainerOfSession,
    SessionNotBegun,
    SessionNotFound,
    SessionWithoutGroup,
)
from services.training.reads import record_read

router = slice_router(prefix="", tags=["attendances"])
_LIST = "/sessions/{session_id}/attendance"
_ONE = _LIST + "/{attendance_id}"
_FILES = files("csv", "xlsx", "ndjson")
_CHANGE = (
    SessionNotFound,
    NotTrainerOfSession,
    SessionWithoutGroup,
    StateConflict,
)
# Recording needs no version: a later recording adds to the list.
_VERSIONED = (PreconditionRequired, VersionMismatch)


@router.get(_LIST, responses=answers(Page[AttendanceRead], NotAcceptable, files=_FILES))
async def list_attendance(
    caller: CanReadAttendance,
    reading: Audited,
    request: Request,
    session_id: Id,
    query: Annotated[AttendanceList, Query()],
) -> Response:
    """Who attended a session, by name, as a page or as a file of all; a trainee sees
    their own record.
    """
    listed = queries.list_attendance(reading, session_id, query)
    # Audited before the answer: a file is streamed after this function has returned.
    people = await queries.list_people(reading, listed)
    record_read(
        reading, "list_attendance", Subject(f"sessions/{session_id}/attendance"), people
    )
    return await list_answer(request, reading, query, listed)


@router.post(_LIST, responses=answers(AttendanceSheetRead, *_CHANGE, SessionNotBegun))
async def record_attendance(
    caller: CanRecordAttendance, change: Change, session_id: Id, new: AttendanceRecord
) -> Answer:
    """Record who attended a session that has begun and is not cancelled: people with a
    seat, for no longer than it lasts.

    The list of a make-up holds people who missed all or a part of the original session.
    A trainer of the session records it, or an organiser of the county's groups. Until
    the list is signed, a person who is sent again gets the new minutes. The answer has
    the session's ETag.
    """
    # The instant and not the day: a session that begins in an hour has no list yet.
    sheet = await actions.record_attendance(change, session_id, new, clock.now())
    return stored_answer(sheet)


# If-Match is the session's: a list has no version, and signing changes the session.
@router.post(
    _LIST + "/sign",
    responses=answers(AttendanceSheetRead, *_CHANGE, *_VERSIONED, AttendanceIncomplete),
)
async def sign_attendance(
    caller: CanRecordAttendance,
    change: Change,
    session_id: Id,
    if_match: IfMatch = None,
) -> Answer:
    """Sign the list of a session that was held, as one of its trainers, once everybody
    with a seat is on it.

    From then on its minutes count, and it can only be corrected. If-Match takes the
    session's ETag.
    """
    version = expected_version(if_match, session_id)
    return stored_answer(await actions.sign_attendance(change, session_id, version))


@router.get(_ONE, responses=answers(AttendanceRead, AttendanceNotFound))
async def get_attendance(
    caller: CanReadAttendance,
    reading: Audited,
    terms: Terms,
    session_id: Id,
    attendance_id: Id,
) -> Answer:
    """The attendance record of one person in a session."""
    # By the session as well: an id under another session's address is not found.
    attendance = await queries.get_attendance(reading, session_id, attendance_id)
    path = f"sessions/{session_id}/attendance/{attendance_id}"
    record_read(reading, "get_attendance", Subject(path), [attendance.trainee_id])
    return stored_answer(await queries.get_stored(reading, attendance_id), terms)


@router.post(
    _ONE + "/correct",
    responses=answers(
        AttendanceRead,
        AttendanceNotFound,
        *_CHANGE,
        *_VERSIONED,
        CertificateStands,
        Erased,
    ),
)
async def correct_attendance(
    caller: CanRecordAttendance,
    change: Change,
    session_id: Id,
    attendance_id: Id,
    correction: AttendanceCorrect,
    if_match: IfMatch = None,
) -> Answer:
    """Change one record of a signed list, with the reason. The former minutes can still
    be read.

    Minutes cannot be lowered while the person has a valid certificate of the group: the
    certificate has to be revoked first.
    """
    version = expected_version(if_match, attendance_id)
    return stored_answer(
        await actions.correct_attendance(
            change, session_id, attendance_id, correction, version
        )
    )


@router.get(
    _ONE + "/corrections",
    responses=answers(Page[AttendanceCorrectionRead], AttendanceNotFound),
)
async def list_attendance_corrections(
    caller: CanReadAttendance,
    reading: Audited,
    terms: Terms,
    session_id: Id,
    attendance_id: Id,
    query: Annotated[CorrectionList, Query()],
) -> Answer:
    """The corrections of a record since the list was signed, with account and reason,
    the oldest first.
    """
    attendance = await queries.get_attendance(reading, session_id, attendance_id)
    path = f"sessions/{session_id}/attendance/{attendance_id}"
    record_read(
        reading, "list_attendance_corrections", Subject(path), [attendance.trainee_id]
    )
    listed = queries.list_corrections(reading, attendance_id)
    return page_answer(await page_of(reading, terms, query, listed), terms)
