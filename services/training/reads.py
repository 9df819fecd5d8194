"""Audit records of reads of personal data.

Written in the transaction that reads, with the ids of everybody in the answer.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json, to_json

from services.chassis.data.effects import Subject
from services.chassis.data.work import AuditedReading
from services.chassis.fast.looks import LookRecord, audited_page, fits_one_statement
from services.chassis.ground.problems import FieldError, ValidationFailed
from services.chassis.web.listing import (
    ItemPage,
    Listed,
    ListQuery,
    ListTerms,
    page_of,
)


class Look(NamedTuple):
    """The audit record of a list that shows people.

    Its action, its path, and the field of an item that has the person's id.
    """

    action: str
    path: str
    person: str = "trainee_id"


def record_read(
    change: AuditedReading, action: str, subject: Subject, people: Iterable[UUID | str]
) -> None:
    """Write to the audit log that the caller has read these people's data.

    One record for all of them.
    """
    # One record for a page: fifty records for each page would fill the log.
    people_ids = sorted({str(person) for person in people})
    change.record(action, subject, people=people_ids)


async def read_page(
    reading: AuditedReading,
    terms: ListTerms,
    query: ListQuery,
    listed: Listed,
    look: Look,
) -> ItemPage:
    """One page of people's data, audited with everybody on it."""
    if fits_one_statement(reading, terms, query, listed):
        record = LookRecord(look.action, Subject(look.path))
        return await audited_page(reading, terms, query, listed, (record, look.person))
    # All fields are read, since the record needs the people on the page.
    whole = query.model_copy(update={"fields": None})
    page = await page_of(reading, terms, whole, listed)
    items: list[dict[str, Any]] = from_json(b"[%b]" % page.items)
    people = [item[look.person] for item in items]
    record_read(reading, look.action, Subject(look.path), people)
    # The requested fields are picked here, from whole items.
    if query.fields is None:
        return page
    names = query.fields.split(",")
    if not listed.listing.wire.keys() >= {*names}:
        raise ValidationFailed(FieldError("parameter", "fields", "not_listed"))
    picked_items = [{name: item[name] for name in names} for item in items]
    return page._replace(items=to_json(picked_items)[1:-1])
