"""How a place is held, how long, and whom a service fits. Pure."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.registry.support_services.rules import EligibilityDocument, is_offered


class ReservationState(StrEnum):
    """How far a reservation has come. The first two hold a place."""

    RESERVED = "reserved"
    TAKEN = "taken"
    RELEASED = "released"
    EXPIRED = "expired"


class Verb(StrEnum):
    """What can be done with a reservation."""

    TAKE = "take"
    RELEASE = "release"


# What has ended stays so: whoever needs the place again reserves anew.
ALLOWED: Mapping[ReservationState, tuple[Verb, ...]] = {
    ReservationState.RESERVED: (Verb.TAKE, Verb.RELEASE),
    ReservationState.TAKEN: (Verb.RELEASE,),
    ReservationState.RELEASED: (),
    ReservationState.EXPIRED: (),
}
LEADS_TO = {
    Verb.TAKE: ReservationState.TAKEN,
    Verb.RELEASE: ReservationState.RELEASED,
}
STAMPS = {Verb.TAKE: "taken_at", Verb.RELEASE: "released_at"}


def state_at(state: str, expires_at: datetime, now: datetime) -> ReservationState:
    """The state at an instant: a place not taken by `expires_at` is free again."""
    # At the instant itself it is over: the next one may have the place at once.
    is_over = state == ReservationState.RESERVED and expires_at <= now
    return ReservationState.EXPIRED if is_over else ReservationState(state)


class HoldingTime(NamedTuple):
    """For how many days a place waits to be taken, from a day on."""

    since: date
    days: int
    longest_days: int


# No act sets it, so it is the platform's own. The latest entry that had begun on a day
# holds, else the first.
HOLDING_TIMES = (HoldingTime(since=date(2022, 9, 1), days=14, longest_days=60),)


def holding_time(on: date) -> HoldingTime:
    """For how long a place that is reserved on a day may wait."""
    begun = [entry for entry in HOLDING_TIMES if entry.since <= on]
    return begun[-1] if begun else HOLDING_TIMES[0]


def expiry_code(
    expires_at: datetime, now: datetime, holding: HoldingTime
) -> str | None:
    """What is wrong with the end that was asked for; None when nothing is."""
    if expires_at <= now:
        return "in_past"
    # Nobody keeps a place from others for long without using it.
    latest = now + timedelta(days=holding.longest_days)
    return "too_far_ahead" if expires_at > latest else None


class Misfit(StrEnum):
    """Why a service is not for somebody."""

    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    LACKS_DOCUMENT = "lacks_document"
    NOT_OFFERED_ON_DAY = "not_offered_on_day"


class Need(NamedTuple):
    """What is known of whoever needs a place; what is None is not judged."""

    day: date
    age_months: int | None = None
    documents: Collection[EligibilityDocument] | None = None


class Offer(NamedTuple):
    """Whom a service is for, and when; the youngest age counts, the oldest one no longer does."""

    age_from_months: int | None = None
    age_to_months: int | None = None
    eligibility_documents: Collection[str] = ()
    offered_from: date | None = None
    offered_to: date | None = None
    opened_on: date | None = None
    """The first day of the institution."""


def misfits(need: Need, offer: Offer) -> list[Misfit]:
    """Every reason why the service is not for somebody, as far as is known."""
    # The later of both: a service does not begin before its institution.
    begins = [day for day in (offer.offered_from, offer.opened_on) if day is not None]
    is_there = is_offered(max(begins, default=None), offer.offered_to, need.day)
    # All at once, so that whoever refers does not learn of them one by one.
    reasons = [] if is_there else [Misfit.NOT_OFFERED_ON_DAY]
    if need.documents is not None and not _opens(need.documents, offer):
        reasons.append(Misfit.LACKS_DOCUMENT)
    if need.age_months is None:
        return reasons
    if need.age_months < (offer.age_from_months or 0):
        reasons.append(Misfit.TOO_YOUNG)
    # The bound itself is too old: what is "to 36 months" ends with the third birthday.
    if offer.age_to_months is not None and need.age_months >= offer.age_to_months:
        reasons.append(Misfit.TOO_OLD)
    return reasons


def _opens(documents: Collection[EligibilityDocument], offer: Offer) -> bool:
    """Any one of the service's documents is enough; none is needed where it names none."""
    wanted = {*offer.eligibility_documents}
    return not wanted or not wanted.isdisjoint(documents)
