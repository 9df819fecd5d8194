"""Every query of conference attendance."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.conference_attendances.models import (
    ConferenceAttendanceCorrection,
    ConferenceCount,
)
from services.training.conference_attendances.schemas import (
    AudienceCount,
    ConferenceAttendanceCorrectionRead,
    ConferenceAttendanceRead,
)
from services.training.conference_registrations.models import ConferenceRegistration
from services.training.conference_registrations.queries import REGISTRATIONS
from services.training.conference_registrations.rules import RegistrationState
from services.training.conferences.models import Conference
from services.training.permissions import Permission

CORRECTIONS = rows_of(ConferenceAttendanceCorrection)
COUNTS = rows_of(ConferenceCount)
_FIGURES = ("registered", "attended", "absent")


def counted(conference_id: UUID) -> Rows:
    """The numbers of people with a place, present and absent, by audience."""
    columns = REGISTRATIONS.c
    has_attended = columns.has_attended
    statement: Rows = select(
        columns.audience,
        func.count().label("registered"),
        func.count().filter(has_attended).label("attended"),
        func.count().filter(~has_attended).label("absent"),
    )
    has_place = columns.state == RegistrationState.REGISTERED
    of_conference = statement.where(columns.conference_id == conference_id, has_place)
    return of_conference.group_by(columns.audience).order_by(columns.audience)


async def get_counts(
    reading: Reading, conference: Conference
) -> ConferenceAttendanceRead:
    """The counts of a conference. In a transaction that reaches everywhere."""
    is_erased = conference.registrants_erased_at is not None
    # After the erasure only the stored counts are left.
    stored_counts: Rows = select(*(COUNTS.c[name] for name in ("audience", *_FIGURES)))
    stored_counts = stored_counts.where(COUNTS.c.conference_id == conference.id)
    statement = (
        stored_counts.order_by(COUNTS.c.audience)
        if is_erased
        else counted(conference.id)
    )
    items = [
        AudienceCount(
            **row._mapping, unrecorded=row.registered - row.attended - row.absent
        )
        for row in await reading.rows(statement)
    ]
    sums = {
        name: sum(getattr(item, name) for item in items)
        for name in (*_FIGURES, "unrecorded")
    }
    return ConferenceAttendanceRead(
        conference_id=conference.id, is_erased=is_erased, items=items, **sums
    )


async def lock_registrations(
    change: Change, conference_id: UUID, ids: Collection[UUID]
) -> dict[UUID, ConferenceRegistration]:
    """The registrations among `ids` within the caller's reach, locked in one order."""
    columns = REGISTRATIONS.c
    reach = within(
        change.caller, Permission.RECORD_REGISTRATIONS, county=columns.county_terc
    )
    statement = select(REGISTRATIONS).where(
        columns.id.in_(ids), columns.conference_id == conference_id, reach
    )
    rows = await change.rows(statement.order_by(columns.id).with_for_update())
    return {row.id: ConferenceRegistration(**row._mapping) for row in rows}


def list_corrections(registration_id: UUID, caller: Caller) -> Listed:
    """The corrections of a registration, in order."""
    columns = CORRECTIONS.c
    wire = {
        name: columns[name] for name in ConferenceAttendanceCorrectionRead.model_fields
    }
    reach = within(caller, Permission.READ_REGISTRATIONS, county=columns.county_terc)
    rows: Rows = select(CORRECTIONS)
    rows = rows.where(columns.registration_id == registration_id, reach)
    order = {"corrected_at": columns.corrected_at}
    return Listed(Listing(wire, order, "corrected_at", columns.id), rows)
