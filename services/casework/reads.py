"""Reading people's data: pages whose items are opened, and the audit record
in the same transaction.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import from_json, to_json

from services.casework.people.queries import get_keys
from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_as
from services.chassis.data.work import AuditedReading, Reading
from services.chassis.fast.looks import LookRecord, audited_page, fits_one_statement
from services.chassis.ground.problems import FieldError, ValidationFailed
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.listing import (
    ItemPage,
    Listed,
    ListQuery,
    ListTerms,
    page_of,
)

Item = TypeVar("Item", bound=BaseModel)


class Category(StrEnum):
    """The kind of data that was read, as the access log shows it to a guardian."""

    IDENTITY = "identity"
    FAMILY = "family"
    CONSENTS = "consents"
    REFERRALS = "referrals"
    CASE = "case"
    DOCUMENTS = "documents"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    SUPPORT = "support"


class Look(NamedTuple):
    """A list that shows personal data: its action in the audit log, its path, and what
    it shows about whom.
    """

    action: str
    path: str
    category: Category | None
    """None where the data concern the person's rights."""
    person: str = "person_id"
    """The field with the person whom an item is about."""
    sealed: str | None = None
    """The table whose sealed fields are opened; None without sealed fields."""
    narrow: Callable[[Reading, list[dict[str, Any]]], Awaitable[None]] | None = None
    """Removes from the items what this caller may not see."""


def record_read(
    change: AuditedReading,
    action: str,
    subject: Subject,
    people: Iterable[UUID | str],
    category: Category | None,
    *,
    outcome: str = "done",
) -> None:
    """Write to the audit log that the caller has read data of this category about these
    people, with the caller's roles and institution.

    A page that shows 25 children is one record with 25 people.
    """
    change.record(
        action,
        subject,
        audit_outcome=outcome,
        people=sorted({str(person) for person in people}),
        # Always present, even if null: the access log distinguishes reads from changes
        # by this key.
        category=category,
    )


@asynccontextmanager
async def as_county(reading: Reading, county_terc: str) -> AsyncIterator[None]:
    """Context in which the rows of a county are read and written,
    whoever the caller is.

    Only for facts about somebody within the caller's reach: for example, a child's
    hours include those of all providers, but a provider reaches only its own.
    """
    caller = reading.caller
    if county_terc in caller.counties:
        yield
        return
    other = Caller(caller.subject, counties=frozenset({county_terc}))
    async with acting_as(reading, other):
        yield


async def read_page(
    reading: AuditedReading,
    terms: ListTerms,
    query: ListQuery,
    listed: Listed,
    look: Look,
) -> ItemPage:
    """One page of personal data, with sealed fields opened. The access is written to
    the audit log, with all people on the page.
    """
    is_as_read = look.sealed is None and look.narrow is None
    if is_as_read and fits_one_statement(reading, terms, query, listed):
        detail = {"category": look.category}
        record = LookRecord(look.action, Subject(look.path), detail)
        return await audited_page(reading, terms, query, listed, (record, look.person))
    # With all fields: the people on the page are needed even if
    # `fields` leaves them out.
    full_query = query.model_copy(update={"fields": None})
    page = await page_of(reading, terms, full_query, listed)
    items: list[dict[str, Any]] = from_json(b"[%b]" % page.items)
    # A referral may have no person yet, until somebody identifies the child.
    people = {item[look.person] for item in items if item[look.person]}
    record_read(reading, look.action, Subject(look.path), people, look.category)
    if look.sealed is not None:
        await _open(reading, items, look)
    if look.narrow is not None:
        await look.narrow(reading, items)
    if is_as_read and query.fields is None:
        return page
    if query.fields is not None:
        _require_known(query.fields, listed)
        names = query.fields.split(",")
        items = [{name: item.get(name) for name in names} for item in items]
    return page._replace(items=to_json(items)[1:-1])


def _require_known(fields: str, listed: Listed) -> None:
    if any(name not in listed.listing.wire for name in fields.split(",")):
        raise ValidationFailed(FieldError("parameter", "fields", "not_listed"))


async def _open(
    reading: AuditedReading, items: list[dict[str, Any]], look: Look
) -> None:
    """Add the opened fields to each item; items of erased people stay without them."""
    keys = await get_keys(reading, {UUID(item[look.person]) for item in items})
    for item in items:
        # JSON rows contain bytes as PostgreSQL writes them: \x and hexadecimal digits.
        sealed = item.pop("sealed")
        key = keys.get(UUID(item[look.person]))
        if key is not None and sealed is not None:
            place = f"{look.sealed}|{item['id']}"
            item.update(unseal(key, place, bytes.fromhex(sealed[2:])))


async def opened_page(
    reading: AuditedReading,
    terms: ListTerms,
    query: ListQuery,
    listed: Listed,
    shape: type[Item],
    opened: Callable[[dict[str, Any]], Item],
) -> tuple[ItemPage, list[Item]]:
    """A page of a list whose rows are sealed, with its items opened to this shape:
    as JSON, and as objects.

    `fields` selects fields of the opened items: the sealed columns are needed to open
    them and are never shown. ValidationFailed for a field that the shape does not have.
    """
    field_names = None if query.fields is None else {*query.fields.split(",")}
    if field_names and not field_names <= shape.model_fields.keys():
        raise ValidationFailed(FieldError("parameter", "fields", "not_listed"))
    full_query = query.model_copy(update={"fields": None})
    page = await page_of(reading, terms, full_query, listed)
    items = [opened(item) for item in from_json(b"[%b]" % page.items)]
    dumped_items = [item.model_dump(mode="json", include=field_names) for item in items]
    return page._replace(items=to_json(dumped_items)[1:-1]), items
