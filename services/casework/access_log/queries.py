"""Every query on the audit log about one person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import ColumnElement, and_, literal_column, not_, or_, select

from services.casework.access_log.rules import category_of
from services.casework.access_log.schemas import AccessLogEntry
from services.casework.access_withholdings.queries import (
    has_withholding,
    is_withheld,
)
from services.casework.people.queries import PEOPLE
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.tables import AUDIT_RECORDS
from services.chassis.data.work import Reading, Rows
from services.chassis.ground.problems import FieldError, ValidationFailed
from services.chassis.web.listing import ItemPage, Listed
from services.chassis.web.pages import Listing

_RECORDS = AUDIT_RECORDS.c
# Spelled exactly as in ix_audit_records_people: PostgreSQL uses an index on an
# expression only for the same expression.
_PEOPLE: ColumnElement[Any] = literal_column(
    "audit_records.detail['people']", _RECORDS.detail.type
)
_WIRE: dict[str, ColumnElement[Any]] = {
    "id": _RECORDS.id,
    "recorded_at": _RECORDS.recorded_at,
    "institution_id": _RECORDS.detail["from_institution"],
    "roles": _RECORDS.detail["roles"],
    "category": _RECORDS.detail["category"],
    "action": _RECORDS.action,
    # Every read access records a category, even if it is null; a record without the key
    # is a change.
    "is_read": _RECORDS.detail.has_key("category"),
    "subject": _RECORDS.subject,
    "account": _RECORDS.actor,
}
_LISTING = Listing(
    _WIRE, {"recorded_at": _RECORDS.recorded_at}, "-recorded_at", _RECORDS.id
)


async def list_records_of(reading: Reading, person_id: UUID) -> list[UUID]:
    """The ids of a person's record and of the records merged into it."""
    merged = select(PEOPLE.c.id).where(PEOPLE.c.merged_into == person_id)
    # No relation leads to a merged record, so row-level security would hide it
    # from the family.
    async with acting_everywhere(reading):
        return [person_id, *await reading.scalars(merged.order_by(PEOPLE.c.id))]


def list_entries(records: Sequence[UUID], now: datetime, *, for_family: bool) -> Listed:
    """The audit records about a person. `records` holds the ids of all their records,
    the one that is kept first; `for_family` leaves out what is withheld.
    """
    person_id = records[0]
    conditions = [_PEOPLE.contains([str(each)]) for each in records]
    rows: Rows = select(AUDIT_RECORDS).where(or_(*conditions))
    if for_family:
        rows = rows.where(
            not_(is_withheld(person_id, _RECORDS.recorded_at, now)),
            # The family must not learn that anything is withheld, so these records are
            # left out too.
            not_(
                and_(
                    _RECORDS.subject.like("access-log/withholdings%"),
                    has_withholding(person_id, now),
                )
            ),
        )
    return Listed(_LISTING, rows)


def as_entries(page: ItemPage, *, for_family: bool) -> list[AccessLogEntry]:
    """The entries of a page; for the family without the account that acted."""
    return [
        _entry(item, for_family=for_family) for item in from_json(b"[%b]" % page.items)
    ]


def _entry(item: dict[str, Any], *, for_family: bool) -> AccessLogEntry:
    subject, is_read = item.pop("subject"), item.pop("is_read")
    computed = {
        "roles": item["roles"] or [],
        "category": item["category"] or category_of(subject),
        "is_change": not is_read,
        "account": None if for_family else item["account"],
    }
    return AccessLogEntry.model_validate(item | computed)


def with_entries(
    page: ItemPage, entries: list[AccessLogEntry], fields: str | None
) -> ItemPage:
    """The page with these entries instead of the stored ones,
    with only the requested fields.
    """
    names = None if fields is None else {*fields.split(",")}
    if names and not names <= AccessLogEntry.model_fields.keys():
        raise ValidationFailed(FieldError("parameter", "fields", "not_listed"))
    items = [entry.model_dump(mode="json", include=names) for entry in entries]
    return page._replace(items=to_json(items)[1:-1])


async def list_all_entries(
    reading: Reading, person_id: UUID, now: datetime
) -> list[AccessLogEntry]:
    """The whole log as the family may see it, the oldest first."""
    columns = [column.label(name) for name, column in _WIRE.items()]
    records = await list_records_of(reading, person_id)
    # As the family sees it, whoever makes the copy: the copy is for the family.
    rows = list_entries(records, now, for_family=True).rows
    matches = await reading.rows(
        rows.with_only_columns(*columns).order_by(_RECORDS.recorded_at, _RECORDS.id)
    )
    return [_entry(dict(row._mapping), for_family=True) for row in matches]
