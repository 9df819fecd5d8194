"""Looks at data of people.

Noted in the transaction that reads, with everybody who was seen.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json, to_json

from services.chassis.data.effects import Subject
from services.chassis.data.work import AuditedReading
from services.chassis.fast.looks import LookRecord, goes_at_once, looked_page
from services.chassis.ground.problems import FieldError, ValidationFailed
from services.chassis.web.listing import (
    ItemPage,
    Listed,
    ListQuery,
    ListTerms,
    page_of,
)


class Look(NamedTuple):
    """A list that shows people.

    What the look is called, at what address, and the field that says whom.
    """

    action: str
    path: str
    person: str = "trainee_id"


def record_read(
    change: AuditedReading, action: str, subject: Subject, people: Iterable[UUID | str]
) -> None:
    """Note that the caller saw these people's data.

    One record, however many they are.
    """
    # One record for a page: a list of fifty would else fill the trail.
    seen = sorted({str(person) for person in people})
    change.record(action, subject, people=seen)


async def read_page(
    reading: AuditedReading,
    terms: ListTerms,
    query: ListQuery,
    listed: Listed,
    look: Look,
) -> ItemPage:
    """One page of people's data, the look noted with everybody on it."""
    if goes_at_once(reading, terms, query, listed):
        record = LookRecord(look.action, Subject(look.path))
        return await looked_page(reading, terms, query, listed, (record, look.person))
    # Who is on the page has to be known, whatever fields the caller wants to see.
    whole = query.model_copy(update={"fields": None})
    page = await page_of(reading, terms, whole, listed)
    items: list[dict[str, Any]] = from_json(b"[%b]" % page.items)
    people = [item[look.person] for item in items]
    record_read(reading, look.action, Subject(look.path), people)
    # The page was read whole, so that the choice of fields is made here.
    if query.fields is None:
        return page
    names = query.fields.split(",")
    if not listed.listing.wire.keys() >= {*names}:
        raise ValidationFailed(FieldError("parameter", "fields", "not_listed"))
    shown = [{name: item[name] for name in names} for item in items]
    return page._replace(items=to_json(shown)[1:-1])
