"""Looks at people's data: pages whose items are opened, and what is noted in the
transaction that reads.
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
from services.chassis.fast.looks import LookRecord, goes_at_once, looked_page
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
    """What kind of data was seen, as the access log tells a guardian."""

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
    """A list that shows personal data: what the look is called, at what address, and
    what it shows of whom.
    """

    action: str
    path: str
    category: Category | None
    """None where the look is at what is kept of the person's rights."""
    person: str = "person_id"
    """The field that says whom an item is about."""
    sealed: str | None = None
    """The table whose sealed fields are opened, where items have any."""
    narrow: Callable[[Reading, list[dict[str, Any]]], Awaitable[None]] | None = None
    """Takes out of the items what this caller may not see of them."""


def record_read(
    change: AuditedReading,
    action: str,
    subject: Subject,
    people: Iterable[UUID | str],
    category: Category | None,
    *,
    outcome: str = "done",
) -> None:
    """Note that the caller saw data of this category about these people, in which role
    and for which institution.

    A page that shows 25 children is one record with 25 people.
    """
    change.record(
        action,
        subject,
        audit_outcome=outcome,
        people=sorted({str(person) for person in people}),
        # Always there, if only null: by it the access log tells a look from a change.
        category=category,
    )


@asynccontextmanager
async def as_county(reading: Reading, county_terc: str) -> AsyncIterator[None]:
    """In here the rows of a county are asked and written, whoever the caller is.

    Only for what somebody within reach is about: a child's hours are of all who
    support it, and a provider sees its own part of them alone.
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
    """One page of personal data: its sealed fields opened, and the look noted with
    everybody on it.
    """
    is_as_read = look.sealed is None and look.narrow is None
    if is_as_read and goes_at_once(reading, terms, query, listed):
        detail = {"category": look.category}
        record = LookRecord(look.action, Subject(look.path), detail)
        return await looked_page(reading, terms, query, listed, (record, look.person))
    # Whom the page is about has to be known, whatever fields the caller wants to see.
    whole = query.model_copy(update={"fields": None})
    page = await page_of(reading, terms, whole, listed)
    items: list[dict[str, Any]] = from_json(b"[%b]" % page.items)
    # A referral may be about nobody yet, until somebody finds out who it is.
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
    """Put what is sealed in each item beside its other fields; of whoever was erased
    nothing.
    """
    keys = await get_keys(reading, {UUID(item[look.person]) for item in items})
    for item in items:
        # A JSON row shows bytes as PostgreSQL writes them: \x and hexadecimal digits.
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
    opened: Callable[[dict[str, Any]], Item],
) -> tuple[ItemPage, list[Item]]:
    """A page of a list whose rows are sealed, its items opened: as JSON, and as they
    are.

    `fields` narrows what is shown of an opened item: the sealed columns are needed to
    open it, and never shown.
    """
    whole = query.model_copy(update={"fields": None})
    page = await page_of(reading, terms, whole, listed)
    items = [opened(item) for item in from_json(b"[%b]" % page.items)]
    chosen = None if query.fields is None else {*query.fields.split(",")}
    if chosen and items and not chosen <= type(items[0]).model_fields.keys():
        raise ValidationFailed(FieldError("parameter", "fields", "not_listed"))
    shown = [item.model_dump(mode="json", include=chosen) for item in items]
    return page._replace(items=to_json(shown)[1:-1]), items
