"""Looks at people's data: pages whose items are opened, and what is noted in the transaction that reads."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import from_json, to_json

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change
from services.chassis.ground.problems import FieldError, ValidationFailed
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


def record_read(
    change: Change,
    action: str,
    subject: Subject,
    people: Iterable[UUID | str],
    category: Category,
    *,
    outcome: str = "done",
) -> None:
    """Note that the caller saw data of this category about these people, in which role and for which institution.

    A page that shows 25 children is one record with 25 people.
    """
    caller = change.caller
    institution = caller.institution_id
    change.record(
        action,
        subject,
        audit_outcome=outcome,
        people=sorted({str(person) for person in people}),
        category=category.value,
        roles=[*caller.roles],
        from_institution=None if institution is None else str(institution),
    )


async def opened_page(
    reading: Change,
    terms: ListTerms,
    query: ListQuery,
    listed: Listed,
    opened: Callable[[dict[str, Any]], Item],
) -> tuple[ItemPage, list[Item]]:
    """A page of a list whose rows are sealed, its items opened: as JSON, and as they are.

    `fields` narrows what is shown of an opened item: the sealed columns are needed to open it, and never shown.
    """
    whole = query.model_copy(update={"fields": None})
    page = await page_of(reading, terms, whole, listed)
    items = [opened(item) for item in from_json(b"[%b]" % page.items)]
    chosen = None if query.fields is None else {*query.fields.split(",")}
    if chosen and items and not chosen <= type(items[0]).model_fields.keys():
        raise ValidationFailed(FieldError("parameter", "fields", "not_listed"))
    shown = [item.model_dump(mode="json", include=chosen) for item in items]
    return page._replace(items=to_json(shown)[1:-1]), items
