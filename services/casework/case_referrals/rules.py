"""Whether a support service is suitable for a child. Pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import NamedTuple

EXPECTING_FAMILY = "expecting_family"


class Unsuitable(StrEnum):
    """Why a service is not suitable for a child."""

    NOT_OFFERED = "not_offered"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    NOT_BORN = "not_born"
    LACKS_DOCUMENT = "lacks_document"


class Child(NamedTuple):
    """The facts of the child that decide whether a service is suitable, on the day of
    the referral.
    """

    day: date
    born_on: date | None
    is_expected: bool
    documents: Collection[str]
    """The kinds of the documents that are valid on the day."""


class Offer(NamedTuple):
    """Whom a service is for. `age_from_months` is inclusive, `age_to_months` exclusive."""

    target_groups: Collection[str] = ()
    age_from_months: int | None = None
    age_to_months: int | None = None
    eligibility_documents: Collection[str] = ()
    offered_from: date | None = None
    offered_to: date | None = None


def age_months(born_on: date, day: date) -> int:
    """Completed months of age on a day.

    >>> age_months(date(2023, 2, 28), date(2026, 3, 27))
    36
    >>> age_months(date(2023, 2, 28), date(2026, 3, 28))
    37
    """
    months = (day.year - born_on.year) * 12 + day.month - born_on.month
    # For a child born on the 31st, a month of thirty days is complete on the first of
    # the next month.
    return months - (day.day < born_on.day)


def unsuitable(child: Child, offer: Offer) -> list[Unsuitable]:
    """Every reason why the service is not suitable for the child;
    empty where none is known.

    Before the birth the family is supported, so the service must name expecting
    families or no target group at all.
    """
    reasons = []
    begins = offer.offered_from is None or offer.offered_from <= child.day
    lasts = offer.offered_to is None or child.day <= offer.offered_to
    if not (begins and lasts):
        reasons.append(Unsuitable.NOT_OFFERED)
    accepted_documents = {*offer.eligibility_documents}
    # Any one of them is enough.
    if accepted_documents and accepted_documents.isdisjoint(child.documents):
        reasons.append(Unsuitable.LACKS_DOCUMENT)
    if child.is_expected:
        target_groups = offer.target_groups
        is_for = not target_groups or EXPECTING_FAMILY in target_groups
        return reasons if is_for else [*reasons, Unsuitable.NOT_BORN]
    return reasons + _of_age(child, offer)


def _of_age(child: Child, offer: Offer) -> list[Unsuitable]:
    # An unknown age is no reason: the institution decides.
    if child.born_on is None:
        return []
    months = age_months(child.born_on, child.day)
    if months < (offer.age_from_months or 0):
        return [Unsuitable.TOO_YOUNG]
    too_old = offer.age_to_months is not None and months >= offer.age_to_months
    return [Unsuitable.TOO_OLD] if too_old else []
