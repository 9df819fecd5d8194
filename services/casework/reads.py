"""What is noted of every look at a person's data: it is part of the transaction that reads."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change


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
