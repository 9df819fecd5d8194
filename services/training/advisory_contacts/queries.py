"""Every query of advisory contacts."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Integer, cast, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.training.advisory_contacts.models import AdvisoryContact
from services.training.advisory_contacts.schemas import (
    AdvisoryContactList,
    AdvisoryContactRead,
    AdvisorySum,
    AdvisorySums,
)
from services.training.authorities.models import Authority
from services.training.permissions import Permission
from services.training.problems import AdvisoryContactNotFound
from services.training.programmes.models import Programme
from services.training.trainers.models import Trainer

CONTACTS = rows_of(AdvisoryContact)
_AUTHORITIES = rows_of(Authority)
_PROGRAMMES = rows_of(Programme)
_TRAINERS = rows_of(Trainer)
_READ = Permission.READ_ADVISORY_CONTACTS
# Annulled records are stored and shown, and count nowhere.
_COUNTS = CONTACTS.c.annulled_by.is_(None)
_WIRE = {name: CONTACTS.c[name] for name in AdvisoryContactRead.model_fields}
_NARROWING = (
    "programme_id",
    "authority_id",
    "trainer_id",
    "county_terc",
    "audience_role",
    "topic",
    "given_by",
)
_STORED = stored_columns(_WIRE, CONTACTS.c.id, CONTACTS.c.version)
# An adviser is related to the authority, and to no single contact.
_RELATED = {"adviser": CONTACTS.c.authority_id}
_LIST = Filtered(
    Listing(
        _WIRE,
        {name: CONTACTS.c[name] for name in ("contacted_on", "minutes", "changed_at")},
        "-contacted_on",
        CONTACTS.c.id,
    ),
    CONTACTS,
    {
        **{name: Filter(CONTACTS.c[name]) for name in _NARROWING},
        "contacted_from": Filter(CONTACTS.c.contacted_on, "from"),
        "contacted_to": Filter(CONTACTS.c.contacted_on, "to"),
    },
    county=CONTACTS.c.county_terc,
    objects=_RELATED,
)


def _reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    county = CONTACTS.c.county_terc
    return within(caller, permission, county=county, objects=_RELATED)


def list_advisory_contacts(query: AdvisoryContactList, caller: Caller) -> Listed:
    """The advisory contacts that a list or a file shows, annulled ones among them."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    listed = filtered(_LIST, values, caller, _READ)
    if query.is_annulled is None:
        return listed
    condition = ~_COUNTS if query.is_annulled else _COUNTS
    return listed.where(condition)


async def get_advisory_contact(reading: Reading, contact_id: UUID) -> Stored:
    """One advisory contact within the caller's reach."""
    lookup = by_key(_LIST, contact_id, reading.caller, _READ, _STORED)
    return await reading.stored(
        lookup.statement, AdvisoryContactNotFound, lookup.values
    )


async def lock_advisory_contact(change: Change, contact_id: UUID) -> AdvisoryContact:
    """One advisory contact that the caller may change, locked."""
    # By the right to record: a row that the caller may only read is not locked.
    reach = _reach(change.caller, Permission.RECORD_ADVISORY_CONTACTS)
    statement = select(CONTACTS).where(CONTACTS.c.id == contact_id, reach)
    locking = statement.with_for_update()
    return await change.instance(AdvisoryContact, locking, AdvisoryContactNotFound)


class AuthorityFacts(NamedTuple):
    """The programme and county of an authority, and whether the caller may record
    contacts of it.
    """

    programme_id: UUID
    county_terc: str
    is_in_reach: bool


async def find_authority(change: Change, authority_id: UUID) -> AuthorityFacts | None:
    """An authority by its id; None where there is none."""
    columns = _AUTHORITIES.c
    reach = within(
        change.caller,
        Permission.RECORD_ADVISORY_CONTACTS,
        county=columns.county_terc,
        objects={"adviser": columns.id},
    )
    # Authorities are public: out of reach is refused as OutsideScope, not as unknown.
    statement = select(columns.programme_id, columns.county_terc, reach)
    row = await change.find(statement.where(columns.id == authority_id))
    return None if row is None else AuthorityFacts(*row)


async def find_programme_days(
    reading: Reading, programme_id: UUID
) -> tuple[date, date] | None:
    """The first and the last day of a programme; None where there is none."""
    columns = (_PROGRAMMES.c.starts_on, _PROGRAMMES.c.ends_on)
    statement = select(*columns).where(_PROGRAMMES.c.id == programme_id)
    row = await reading.find(statement)
    return None if row is None else (row[0], row[1])


async def find_trainer_kind(reading: Reading, trainer_id: UUID) -> str | None:
    """The kind of a trainer: trainer or expert from outside; None for an unknown id."""
    statement = select(_TRAINERS.c.kind).where(_TRAINERS.c.id == trainer_id)
    kind: str | None = await reading.scalar(statement)
    return kind


async def get_sums(reading: Reading) -> AdvisorySums:
    """Contacts and minutes by year, audience and topic, within the caller's reach."""
    columns = CONTACTS.c
    by = [
        cast(func.extract("year", columns.contacted_on), Integer).label("year"),
        columns.audience_role,
        columns.topic,
    ]
    number, minutes = func.count(), cast(func.sum(columns.minutes), BigInteger)
    statement = (
        select(*by, number.label("contacts"), minutes.label("minutes"))
        # Only rows that the caller may list: small sums reveal no more than the list.
        .where(_COUNTS, _reach(reading.caller, _READ))
        .group_by(*by)
        .order_by(*by)
    )
    rows = await reading.rows(statement)
    items = [AdvisorySum(**row._mapping) for row in rows]
    return AdvisorySums(
        items=items,
        # Added up here: a second query might see other rows.
        contacts=sum(each.contacts for each in items),
        minutes=sum(each.minutes for each in items),
    )
