"""How a place is held, how long, and whom a service fits. Pure."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.registry.support_services.rules import EligibilityDocument, is_offered


class ReservationState(StrEnum):
    """The states of a reservation. The first two hold a place."""

    RESERVED = "reserved"
    TAKEN = "taken"
    RELEASED = "released"
    EXPIRED = "expired"


class Verb(StrEnum):
    """What can be done with a reservation."""

    TAKE = "take"
    RELEASE = "release"


# The last two are final: to get a place again, a caller makes a new reservation.
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
    # At the instant itself it has expired, and the place may be reserved again.
    is_expired = state == ReservationState.RESERVED and expires_at <= now
    return ReservationState.EXPIRED if is_expired else ReservationState(state)


class HoldingTime(NamedTuple):
    """How many days a reserved place is held, for reservations made from `since` on."""

    since: date
    days: int
    longest_days: int


# No act sets these times: they are the platform's own. On a day, the latest entry that
# has begun is valid, else the first.
HOLDING_TIMES = (HoldingTime(since=date(2022, 9, 1), days=14, longest_days=60),)


def holding_time(on: date) -> HoldingTime:
    """How long a place that is reserved on a day is held."""
    entries = [entry for entry in HOLDING_TIMES if entry.since <= on]
    return entries[-1] if entries else HOLDING_TIMES[0]


def expiry_code(
    expires_at: datetime, now: datetime, holding: HoldingTime
) -> str | None:
    """The error in the requested expiry, as a code; None when there is none."""
    if expires_at <= now:
        return "in_past"
    # A place must not be kept from others for long without being used.
    latest = now + timedelta(days=holding.longest_days)
    return "too_far_ahead" if expires_at > latest else None


class Misfit(StrEnum):
    """Why a service does not fit."""

    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    LACKS_DOCUMENT = "lacks_document"
    NOT_OFFERED_ON_DAY = "not_offered_on_day"


class Need(NamedTuple):
    """The facts about the person who needs a place; those that are None
    are not checked.
    """

    day: date
    age_months: int | None = None
    documents: Collection[EligibilityDocument] | None = None


class Offer(NamedTuple):
    """Whom a service is for, and when. `age_from_months` is inclusive,
    `age_to_months` exclusive.
    """

    age_from_months: int | None = None
    age_to_months: int | None = None
    eligibility_documents: Collection[str] = ()
    offered_from: date | None = None
    offered_to: date | None = None
    opened_on: date | None = None
    """The first day of the institution."""


def misfits(need: Need, offer: Offer) -> list[Misfit]:
    """Every reason why the service does not fit, by the facts that are known."""
    # The later of both days: a service does not begin before its institution.
    begins = [day for day in (offer.offered_from, offer.opened_on) if day is not None]
    is_there = is_offered(max(begins, default=None), offer.offered_to, need.day)
    # All reasons at once, so that the caller does not find them one by one.
    reasons = [] if is_there else [Misfit.NOT_OFFERED_ON_DAY]
    if need.documents is not None and not _opens(need.documents, offer):
        reasons.append(Misfit.LACKS_DOCUMENT)
    if need.age_months is None:
        return reasons
    if need.age_months < (offer.age_from_months or 0):
        reasons.append(Misfit.TOO_YOUNG)
    # The bound itself is too old: "to 36 months" ends with the third birthday.
    if offer.age_to_months is not None and need.age_months >= offer.age_to_months:
        reasons.append(Misfit.TOO_OLD)
    return reasons


def _opens(documents: Collection[EligibilityDocument], offer: Offer) -> bool:
    """Whether the service needs no document, or one of its documents is in `documents`."""
    accepted = {*offer.eligibility_documents}
    return not accepted or not accepted.isdisjoint(documents)
