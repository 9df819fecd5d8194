"""The statuses of a site, the verbs that change them, and the agreement that
it needs. Pure.
"""

from datetime import date
from enum import StrEnum
from typing import Protocol

from services.registry.agreements.rules import AgreementState, holds_on
from services.registry.programmes.rules import SiteLevel


class SiteStatus(StrEnum):
    """The statuses of a site in its programme."""

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
"""Sites that take part or are going to: they accept steps, decisions and people."""


def took_part(status: str, ended_on: date | None, day: date) -> bool:
    """Whether a site accepts steps and decisions of that day: it is open, or had not
    ended before that day.
    """
    # By the day of the step: steps done in time are often entered after the end.
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
    """What may be done to a site. A candidate is activated without an agreement only
    where none is needed.
    """
    match status:
        case SiteStatus.CANDIDATE:
            # Without a required agreement nothing has to be signed first.
            activate = [] if needs_agreement else [SiteVerb.ACTIVATE]
            return [SiteVerb.SIGN, *activate, SiteVerb.WITHDRAW]
        case SiteStatus.AGREEMENT_SIGNED:
            return [SiteVerb.ACTIVATE, SiteVerb.WITHDRAW]
        case SiteStatus.ACTIVE:
            return [SiteVerb.COMPLETE, SiteVerb.WITHDRAW]
    return []


class Agreement(Protocol):
    """The facts that decide whether a site may be based on an agreement."""

    state: str
    county_terc: str
    signed_on: date | None
    valid_from: date | None
    valid_to: date | None
    terminated_on: date | None


def missing_of_agreement(agreement: Agreement, county: str, day: date) -> list[str]:
    """Why a site of this county cannot be based on an agreement on a day;
    empty when it can.

    The codes are `signed`, `valid_on_day` and `same_county`.
    """
    # A draft may have no dates to check.
    if agreement.state == AgreementState.DRAFT:
        missing = ["signed"]
    else:
        dates = (
            agreement.signed_on,
            agreement.valid_from,
            agreement.valid_to,
            agreement.terminated_on,
        )
        missing = [] if holds_on(day, *dates) else ["valid_on_day"]
    return missing if agreement.county_terc == county else [*missing, "same_county"]


def misplaced(level: SiteLevel, county: str, commune: str | None) -> str | None:
    """The error in the commune of a site, as a code; None when there is none."""
    if commune is None:
        return "missing" if level is SiteLevel.COMMUNE else None
    # With a commune, the site would not be the whole county.
    if level is SiteLevel.COUNTY:
        return "not_allowed"
    # The first four digits of a commune's TERYT code are those of its county.
    return None if commune.startswith(county) else "outside_county"


def date_code(day: date, since: date | None, today: date) -> str | None:
    """The error in the day of a change of a site, as a code; None when there is none."""
    if day > today:
        return "in_future"
    return "wrong_order" if since is not None and day < since else None


def wrong_days(
    signed_on: date, started_on: date, ended_on: date, today: date
) -> list[tuple[str, str]]:
    """The errors in the days of a participation that is over: field and code."""
    since = {"signed_on": None, "started_on": signed_on, "ended_on": started_on}
    days = {"signed_on": signed_on, "started_on": started_on, "ended_on": ended_on}
    codes = {name: date_code(days[name], since[name], today) for name in days}
    return [(name, code) for name, code in codes.items() if code]
