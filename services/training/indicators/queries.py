"""Every query of indicators, and the counts of their records."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Table, bindparam, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.training.advisory_visits.models import AdvisoryVisit
from services.training.attendances.models import Attendance
from services.training.authorities.models import Authority
from services.training.certificates.models import Certificate
from services.training.conference_attendances.models import ConferenceCount
from services.training.conference_registrations.models import ConferenceRegistration
from services.training.conferences.models import Conference
from services.training.enrolments.models import Enrolment
from services.training.groups.queries import GROUPS, PROGRAMMES, VERSIONS
from services.training.indicators.models import Indicator, IndicatorValue
from services.training.indicators.rules import Count, IndicatorMeasure
from services.training.indicators.schemas import (
    IndicatorList,
    IndicatorRead,
    IndicatorValueRead,
)
from services.training.problems import IndicatorNotFound, IndicatorValueNotFound
from services.training.sessions.models import Session
from services.training.trainees.queries import TRAINEES
from services.training.trainees.rules import OF_AUTHORITY, TargetGroup

INDICATORS, VALUES = rows_of(Indicator), rows_of(IndicatorValue)
_ATTENDANCES, _SESSIONS = rows_of(Attendance), rows_of(Session)
_CERTIFICATES, _ENROLMENTS = rows_of(Certificate), rows_of(Enrolment)
_CONFERENCES, _COUNTS = rows_of(Conference), rows_of(ConferenceCount)
_REGISTRATIONS = rows_of(ConferenceRegistration)
_AUTHORITIES, _VISITS = rows_of(Authority), rows_of(AdvisoryVisit)
_WIRE = {
    name: PROGRAMMES.c.code if name == "programme" else INDICATORS.c[name]
    for name in IndicatorRead.model_fields
}
_LISTING = Listing(
    _WIRE,
    {"code": INDICATORS.c.code, "changed_at": INDICATORS.c.changed_at},
    "code",
    INDICATORS.c.id,
)
_OF_PROGRAMME = INDICATORS.join(
    PROGRAMMES, PROGRAMMES.c.id == INDICATORS.c.programme_id
)
# Heads of schools and other stakeholders do not count (source 003).
_STAFF = (
    TRAINEES.c.organisation_type.in_(sorted(OF_AUTHORITY)),
    TRAINEES.c.target_group.is_distinct_from(TargetGroup.SCHOOL_HEADS_AND_STAKEHOLDERS),
)


async def list_indicators(
    reading: Reading, terms: ListTerms, query: IndicatorList
) -> ItemPage:
    """A page of indicators."""
    indicators: Rows = select(INDICATORS).select_from(_OF_PROGRAMME)
    if query.programme:
        indicators = indicators.where(PROGRAMMES.c.code.in_(query.programme))
    if query.kind:
        indicators = indicators.where(INDICATORS.c.kind.in_(query.kind))
    return await page_of(reading, terms, query, Listed(_LISTING, indicators))


_ONE: Rows = (
    select(*stored_columns(_WIRE, INDICATORS.c.id, INDICATORS.c.version))
    .select_from(_OF_PROGRAMME)
    .where(INDICATORS.c.id == bindparam("key"))
)


async def get_indicator(reading: Reading, indicator_id: UUID) -> Stored:
    """One indicator."""
    return await reading.stored(_ONE, IndicatorNotFound, {"key": indicator_id})


async def get_row(reading: Reading, indicator_id: UUID) -> IndicatorRead:
    """One indicator as a read model."""
    columns = [column.label(name) for name, column in _WIRE.items()]
    statement = select(*columns).select_from(_OF_PROGRAMME)
    statement = statement.where(INDICATORS.c.id == indicator_id)
    row = await reading.one(statement, IndicatorNotFound)
    return IndicatorRead(**row._mapping)


async def list_values(reading: Reading, indicator_id: UUID) -> list[IndicatorValueRead]:
    """The reported values of an indicator, the newest first."""
    columns = [VALUES.c[name] for name in IndicatorValueRead.model_fields]
    statement = select(*columns).where(VALUES.c.indicator_id == indicator_id)
    rows = await reading.rows(statement.order_by(VALUES.c.as_of.desc()))
    return [IndicatorValueRead(**row._mapping) for row in rows]


async def get_value(reading: Reading, indicator_id: UUID, value_id: UUID) -> Stored:
    """A reported value of an indicator, annulled or not."""
    statement = select(VALUES).where(
        VALUES.c.id == value_id, VALUES.c.indicator_id == indicator_id
    )
    row = await reading.one(statement, IndicatorValueNotFound)
    value = IndicatorValueRead.model_validate(dict(row._mapping))
    return Stored(value.id, value.version, value.model_dump_json())


async def lock_value(
    change: Change, indicator_id: UUID, value_id: UUID
) -> IndicatorValue:
    """A reported value of an indicator, locked until the transaction ends."""
    columns = VALUES.c
    statement = select(VALUES).where(
        columns.id == value_id, columns.indicator_id == indicator_id
    )
    locking = statement.with_for_update()
    return await change.instance(IndicatorValue, locking, IndicatorValueNotFound)


async def count_measured(
    reading: Reading, measure: IndicatorMeasure, programme_code: str
) -> Count:
    """The count of a measure. In a transaction that reaches everywhere."""
    if measure is IndicatorMeasure.ADVISED_AUTHORITIES:
        return await _count_authorities(reading, programme_code)
    if measure is IndicatorMeasure.HELD_CONFERENCES:
        return await _count_conferences(reading, programme_code)
    if measure is IndicatorMeasure.CONFERENCE_ATTENDEES:
        return await _count_attendees(reading, programme_code)
    if measure is IndicatorMeasure.SUPPORTED_STAFF:
        return await _count_people(reading, _attended(), programme_code)
    return await _count_people(reading, _certified(), programme_code)


def _attended() -> Rows:
    """Trainees who attended at least a minute, with the programme version."""
    with_groups = _ATTENDANCES.join(GROUPS, GROUPS.c.id == _ATTENDANCES.c.group_id)
    # Only signed lists count.
    of_session = _SESSIONS.c.id == _ATTENDANCES.c.session_id
    statement: Rows = (
        select(_ATTENDANCES.c.trainee_id, GROUPS.c.programme_version_id)
        .select_from(with_groups.join(_SESSIONS, of_session))
        .where(
            _ATTENDANCES.c.minutes > 0, _SESSIONS.c.attendance_signed_at.is_not(None)
        )
    )
    return statement


def _certified() -> Rows:
    """Trainees with a valid certificate, with the programme version."""
    statement: Rows = select(
        _CERTIFICATES.c.trainee_id, _CERTIFICATES.c.programme_version_id
    ).where(_CERTIFICATES.c.state == "issued")
    return statement


async def _count_people(reading: Reading, people: Rows, programme_code: str) -> Count:
    people_table: Any = people.subquery()
    joined: FromClause = TRAINEES.join(
        people_table, people_table.c.trainee_id == TRAINEES.c.id
    )
    joined = joined.join(VERSIONS, VERSIONS.c.id == people_table.c.programme_version_id)
    joined = joined.join(PROGRAMMES, PROGRAMMES.c.id == VERSIONS.c.programme_id)
    # Each person once, also with several groups.
    distinct = func.count(TRAINEES.c.id.distinct())
    female: ColumnElement[bool] = TRAINEES.c.sex == "female"
    statement = (
        select(distinct, distinct.filter(female))
        .select_from(joined)
        .where(PROGRAMMES.c.code == programme_code, *_STAFF)
    )
    total, women = await reading.one(statement)
    return Count(total, women, total - women)


async def _count_authorities(reading: Reading, programme_code: str) -> Count:
    joined = _AUTHORITIES.join(
        _VISITS, _VISITS.c.authority_id == _AUTHORITIES.c.id
    ).join(PROGRAMMES, PROGRAMMES.c.id == _AUTHORITIES.c.programme_id)
    statement = select(func.count(_AUTHORITIES.c.id.distinct())).select_from(joined)
    is_advised = (PROGRAMMES.c.code == programme_code) & _VISITS.c.annulled_by.is_(None)
    total = await reading.scalar(statement.where(is_advised))
    return Count(int(total))


def _of_conferences(table: Table | None = None) -> FromClause:
    is_held = (_CONFERENCES.c.programme_id == PROGRAMMES.c.id) & (
        _CONFERENCES.c.state == "held"
    )
    joined = PROGRAMMES.join(_CONFERENCES, is_held)
    if table is None:
        return joined
    return joined.join(table, table.c.conference_id == _CONFERENCES.c.id)


async def _count_conferences(reading: Reading, programme_code: str) -> Count:
    statement = select(func.count()).select_from(_of_conferences())
    is_of = PROGRAMMES.c.code == programme_code
    return Count(int(await reading.scalar(statement.where(is_of))))


async def _count_attendees(reading: Reading, programme_code: str) -> Count:
    """Attendees by registrations, and by stored counts where those were erased."""
    is_of = PROGRAMMES.c.code == programme_code
    by_registration = select(func.count()).select_from(_of_conferences(_REGISTRATIONS))
    by_stored_count = select(func.coalesce(func.sum(_COUNTS.c.attended), 0))
    by_stored_count = by_stored_count.select_from(_of_conferences(_COUNTS)).where(is_of)
    by_registration = by_registration.where(is_of, _REGISTRATIONS.c.has_attended)
    # One statement: an erasure between two would count people twice.
    total = select(
        by_registration.scalar_subquery() + by_stored_count.scalar_subquery()
    )
    return Count(int(await reading.scalar(total)))
