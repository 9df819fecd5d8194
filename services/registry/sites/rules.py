"""The life of a site: what it may go through and what it takes. Pure."""

from datetime import date
from enum import StrEnum
from typing import Protocol

from services.registry.agreements.rules import AgreementState, holds_on
from services.registry.programmes.rules import SiteLevel


class SiteStatus(StrEnum):
    """Where a site stands in its programme."""

    CANDIDATE = "candidate"
    AGREEMENT_SIGNED = "agreement_signed"
    ACTIVE = "active"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class SiteVerb(StrEnum):
    """What may be done to a site."""

    SIGN = "sign"
    ACTIVATE = "activate"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"


OPEN = (SiteStatus.CANDIDATE, SiteStatus.AGREEMENT_SIGNED, SiteStatus.ACTIVE)
"""Sites that take part or are to: they take steps, decisions and people."""


def took_part(status: str, ended_on: date | None, day: date) -> bool:
    """Whether a site takes steps and decisions of that day: it is open, or had not ended before
    it.
    """
    # By the day, not by what is recorded: what was done in time is often entered after
    # the end.
    return status in OPEN or (ended_on is not None and day <= ended_on)


STATUS_AFTER = {
    SiteVerb.SIGN: SiteStatus.AGREEMENT_SIGNED,
    SiteVerb.ACTIVATE: SiteStatus.ACTIVE,
    SiteVerb.COMPLETE: SiteStatus.COMPLETED,
    SiteVerb.WITHDRAW: SiteStatus.WITHDRAWN,
}


DAY_OF = {
    SiteVerb.SIGN: "signed_on",
    SiteVerb.ACTIVATE: "started_on",
    SiteVerb.COMPLETE: "ended_on",
    SiteVerb.WITHDRAW: "ended_on",
}
"""The field of the day that each verb records."""


def allowed_verbs(status: SiteStatus, *, needs_agreement: bool) -> list[SiteVerb]:
    """What may be done to a site. Without a signed agreement it is active only where none is needed."""
    match status:
        case SiteStatus.CANDIDATE:
            # A programme may do without: then there is nothing to be signed first.
            straight = [] if needs_agreement else [SiteVerb.ACTIVATE]
            return [SiteVerb.SIGN, *straight, SiteVerb.WITHDRAW]
        case SiteStatus.AGREEMENT_SIGNED:
            return [SiteVerb.ACTIVATE, SiteVerb.WITHDRAW]
        case SiteStatus.ACTIVE:
            return [SiteVerb.COMPLETE, SiteVerb.WITHDRAW]
    return []


class Agreement(Protocol):
    """What decides whether an agreement can carry a site."""

    state: str
    county_terc: str
    signed_on: date | None
    valid_from: date | None
    valid_to: date | None
    terminated_on: date | None


def lacking_of_agreement(agreement: Agreement, county: str, day: date) -> list[str]:
    """What keeps an agreement from carrying a site of this county on a day:

    `signed`, `valid_on_day`, `same_county`.
    """
    # A draft has no dates to be judged by.
    if agreement.state == AgreementState.DRAFT:
        lacking = ["signed"]
    else:
        dates = (
            agreement.signed_on,
            agreement.valid_from,
            agreement.valid_to,
            agreement.terminated_on,
        )
        lacking = [] if holds_on(day, *dates) else ["valid_on_day"]
    return lacking if agreement.county_terc == county else [*lacking, "same_county"]


def misplaced(level: SiteLevel, county: str, commune: str | None) -> str | None:
    """What is wrong with the commune of a site; None when nothing."""
    if commune is None:
        return "missing" if level is SiteLevel.COMMUNE else None
    # A commune would say that the site is less than the county which it is.
    if level is SiteLevel.COUNTY:
        return "not_allowed"
    # The first four digits of a commune's TERYT code are those of its county.
    return None if commune.startswith(county) else "outside_county"


def date_code(day: date, since: date | None, today: date) -> str | None:
    """What is wrong with the day on which something happened to a site; None when nothing."""
    if day > today:
        return "in_future"
    return "wrong_order" if since is not None and day < since else None


def wrong_days(
    signed_on: date, started_on: date, ended_on: date, today: date
) -> list[tuple[str, str]]:
    """What is wrong with the days of a part that is over: the field, and its code."""
    since = {"signed_on": None, "started_on": signed_on, "ended_on": started_on}
    days = {"signed_on": signed_on, "started_on": started_on, "ended_on": ended_on}
    codes = {name: date_code(days[name], since[name], today) for name in days}
    return [(name, code) for name, code in codes.items() if code]
