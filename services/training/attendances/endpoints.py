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
# Recording needs none of these: whoever records later adds to the list.
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
    the own record.
    """
    listed = queries.list_attendance(reading, session_id, query)
    # Noted before anything is sent: a file leaves row by row, when it is too late.
    people = await queries.list_people(reading, listed)
    record_read(
        reading, "list_attendance", Subject(f"sessions/{session_id}/attendance"), people
    )
    return await list_answer(request, reading, query, listed)


@router.post(_LIST, responses=answers(AttendanceSheetRead, *_CHANGE, SessionNotBegun))
async def record_attendance(
    caller: CanRecordAttendance, change: Change, session_id: Id, new: AttendanceRecord
) -> Answer:
    """Record who attended a planned session that has begun: people with a seat, for no
    longer than it lasts.

    On the list of a make-up is whoever missed all or a part of what it makes up for.
    By a trainer of the session, or by whoever organises the county's groups. Who is
    named again gets the new minutes, until the list is signed. Its ETag is the
    session's.
    """
    # The instant and not the day: a session that begins in an hour has no list yet.
    sheet = await actions.record_attendance(change, session_id, new, clock.now())
    return stored_answer(sheet)


# If-Match of the session, since a list has no version: signing is a change of that.
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
    """Sign the list of a session that was held, as one of its trainers: everybody with
    a seat stands on it.

    From then on its minutes count, and it is only corrected. If-Match names the
    session.
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
    """What is recorded of one person in a session."""
    # By the session as well: an id under another session's address is not found.
    found = await queries.get_attendance(reading, session_id, attendance_id)
    path = f"sessions/{session_id}/attendance/{attendance_id}"
    record_read(reading, "get_attendance", Subject(path), [found.trainee_id])
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
    """Change one record of a signed list, with the reason. What it said before stays
    readable.

    Minutes are not taken from somebody with a valid certificate of the group: that is
    revoked first.
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
    """What was changed of a record since it was signed, by whom and why, the first
    first.
    """
    found = await queries.get_attendance(reading, session_id, attendance_id)
    path = f"sessions/{session_id}/attendance/{attendance_id}"
    record_read(
        reading, "list_attendance_corrections", Subject(path), [found.trainee_id]
    )
    listed = queries.list_corrections(reading, attendance_id)
    return page_answer(await page_of(reading, terms, query, listed), terms)
