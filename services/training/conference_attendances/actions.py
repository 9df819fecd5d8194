"""Every change of conference attendance: recorded once, corrected with a reason."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import AuditedReading, Change, Stored, require_version
from services.chassis.ground.clock import civil_date
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.training.conference_attendances import queries, rules
from services.training.conference_attendances.models import (
    ConferenceAttendanceCorrection,
)
from services.training.conference_attendances.rules import (
    AttendanceEntry,
    RecordedAttendance,
)
from services.training.conference_attendances.schemas import (
    ConferenceAttendanceCorrect,
    ConferenceAttendanceRead,
    ConferenceAttendanceRecord,
)
from services.training.conference_registrations.models import ConferenceRegistration
from services.training.conference_registrations.queries import (
    get_registration,
    get_stored,
    lock_registration,
)
from services.training.conferences.actions import lock_for
from services.training.conferences.models import Conference
from services.training.conferences.queries import get_conference_facts
from services.training.permissions import Permission
from services.training.problems import ConferenceNotBegun

_RECORD = Permission.RECORD_REGISTRATIONS


async def read_counts(
    reading: AuditedReading, conference_id: UUID
) -> ConferenceAttendanceRead:
    """The counts of a conference over all counties, without rows of people."""
    conference = await get_conference_facts(reading, conference_id)
    async with acting_everywhere(reading):
        return await queries.get_counts(reading, conference)


async def _lock_begun(change: Change, conference_id: UUID, today: date) -> Conference:
    # The conference is locked first, as in registering and withdrawing.
    conference = await lock_for(change, conference_id, "record-attendance")
    begins_on = civil_date(conference.starts_at)
    if not rules.has_begun(begins_on, today):
        raise ConferenceNotBegun(begins_on=begins_on.isoformat())
    return conference


async def record_attendance(
    change: Change, conference_id: UUID, new: ConferenceAttendanceRecord, today: date
) -> ConferenceAttendanceRead:
    """Record who came and who did not; the same list may be sent again.

    ConferenceNotBegun before the day of the conference.
    """
    conference = await _lock_begun(change, conference_id, today)
    entries = [
        AttendanceEntry(each.registration_id, each.has_attended) for each in new.items
    ]
    ids = [each.registration_id for each in entries]
    registrations = await queries.lock_registrations(change, conference_id, ids)
    unknown_places = [
        place for place, each in enumerate(ids) if each not in registrations
    ]
    if unknown_places:
        raise UnknownReference(
            *[
                FieldError("pointer", f"/items/{place}/registration_id", "not_found")
                for place in unknown_places
            ]
        )
    facts = {
        key: RecordedAttendance(row.state, row.has_attended)
        for key, row in registrations.items()
    }
    refuse(*rules.list_errors(entries, facts))
    for each in entries:
        # Recorded rows keep their version, and so their ETags stay valid.
        if registrations[each.registration_id].has_attended is None:
            await _store_attendance(
                change, registrations[each.registration_id], each, "record"
            )
    async with acting_everywhere(change):
        return await queries.get_counts(change, conference)


async def _store_attendance(
    change: Change,
    registration: ConferenceRegistration,
    entry: AttendanceEntry,
    verb: str,
) -> None:
    table = ConferenceRegistration
    statement = update(table).where(col(table.id) == registration.id)
    statement = statement.values(
        has_attended=entry.has_attended,
        version=table.version + 1,
        changed_at=func.now(),
    )
    await change.execute(statement)
    path = f"conference-registrations/{registration.id}"
    subject = Subject(path, registration.version + 1, registration.county_terc)
    event = f"conference-registration.attendance-{verb}ed"
    conference = str(registration.conference_id)
    action = f"{verb}_conference_attendance"
    change.record(action, subject, event, conference_id=conference)


async def correct_attendance(
    change: Change,
    registration_id: UUID,
    correction: ConferenceAttendanceCorrect,
    version: int,
    today: date,
) -> Stored:
    """Reverse a recorded attendance; the former value and the reason are stored."""
    # The reach is checked first; then the conference is locked before the person.
    snapshot = await get_registration(change, registration_id, _RECORD)
    await _lock_begun(change, snapshot.conference_id, today)
    registration = await lock_registration(change, registration_id)
    require_version(registration.version, version)
    before = registration.has_attended
    if before is None:
        raise StateConflict(state="unrecorded", allowed=["record-attendance"])
    if before == correction.has_attended:
        refuse(("has_attended", "unchanged"))
    statement = insert(ConferenceAttendanceCorrection).values(
        county_terc=registration.county_terc,
        registration_id=registration_id,
        had_attended=before,
        reason=correction.reason,
        corrected_by=change.caller.subject,
    )
    await change.execute(statement)
    entry = AttendanceEntry(registration_id, correction.has_attended)
    await _store_attendance(change, registration, entry, "correct")
    return await get_stored(change, registration_id)
