"""Who may act for a child, in which scopes, and for how long. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from services.casework.laws.rules.days import of_age_on


class GuardianshipKind(StrEnum):
    """The legal basis of the authority."""

    PARENTAL_FULL = "parental_full"
    """Family and guardianship code, art. 92 and 93."""
    PARENTAL_LIMITED = "parental_limited"
    """The same, arts. 107 and 109: a court has limited it, or named what it covers."""
    FOSTER_CARER = "foster_carer"
    """The same, art. 112¹: a court has placed the child in foster care."""
    COURT_GUARDIAN = "court_guardian"
    """The same, arts. 145 and 175: a guardian whom a court has appointed, for a minor
    or for an incapacitated adult.
    """
    ADULT_CONSENT = "adult_consent"
    """A pupil of age lets somebody continue to see the records."""


class Scope(StrEnum):
    """The matters in which somebody acts for a child."""

    EDUCATION = "education"
    HEALTH = "health"
    SUPPORT = "support"
    RECORDS = "records"
    """May read the child's records. Only this scope gives
    an account access to the child.
    """


ACTING = frozenset({Scope.EDUCATION, Scope.HEALTH, Scope.SUPPORT})
"""The scopes in which somebody decides for a child;
with `records` alone they only read.
"""


class EndingReason(StrEnum):
    """Why a guardianship ended before its time."""

    COURT_DECISION = "court_decision"
    ADOPTION = "adoption"
    DEATH = "death"
    OF_AGE = "of_age"
    TIME_OVER = "time_over"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    MISTAKE = "mistake"


# Authority that does not follow from the law is given by a court.
NEEDS_RULING = frozenset(
    {
        GuardianshipKind.PARENTAL_LIMITED,
        GuardianshipKind.FOSTER_CARER,
        GuardianshipKind.COURT_GUARDIAN,
    }
)


def contradictions(
    facts: Mapping[str, Any], born_on: date | None
) -> list[tuple[str, str]]:
    """The contradictions in a new guardianship, and with the child's birth date, each
    as field and error code.
    """
    kind, starts_on, ends_on = facts["kind"], facts["starts_on"], facts["ends_on"]
    wrong = _of_ruling(kind, facts["ruling"]) + _of_scopes(kind, facts["scopes"])
    if ends_on is not None and ends_on < starts_on:
        wrong.append(("ends_on", "wrong_order"))
    is_of_age = born_on is not None and starts_on >= of_age_on(born_on)
    if kind is GuardianshipKind.ADULT_CONSENT:
        return wrong + ([] if is_of_age else [("starts_on", "before_of_age")])
    # A court may appoint a guardian for an adult (family
    # and guardianship code, art. 175).
    if is_of_age and kind is not GuardianshipKind.COURT_GUARDIAN:
        wrong.append(("starts_on", "of_age"))
    return wrong


def _of_ruling(kind: GuardianshipKind, ruling: str | None) -> list[tuple[str, str]]:
    if kind in NEEDS_RULING and ruling is None:
        return [("ruling", "missing")]
    if kind is GuardianshipKind.ADULT_CONSENT and ruling is not None:
        return [("ruling", "not_allowed")]
    return []


def _of_scopes(
    kind: GuardianshipKind, scopes: list[Scope] | None
) -> list[tuple[str, str]]:
    # Only some scopes would be limited authority, which needs a court.
    if kind is GuardianshipKind.PARENTAL_FULL:
        is_whole = scopes is None or {*scopes} == {*Scope}
        return [] if is_whole else [("scopes", "not_allowed")]
    return [] if scopes else [("scopes", "missing")]


def time_of(
    kind: GuardianshipKind, starts_on: date, ends_on: date | None, born_on: date | None
) -> tuple[date, date | None]:
    """The first day on which a guardianship holds, and the first day on which it no
    longer does (None where that is not known).

    Parental authority and foster care end when the child is of age (family and
    guardianship code, art. 92; act on supporting the family, art. 37); a pupil's
    consent counts from then on. A guardian appointed by a court for an adult stays.
    """
    # Half-open, so that the next guardianship can begin on the day after the last.
    after = None if ends_on is None else ends_on + timedelta(days=1)
    if born_on is None:
        return starts_on, after
    of_age = of_age_on(born_on)
    if kind is GuardianshipKind.ADULT_CONSENT:
        return max(starts_on, of_age), after
    if kind is GuardianshipKind.COURT_GUARDIAN and starts_on >= of_age:
        return starts_on, after
    return starts_on, of_age if after is None else min(after, of_age)


def holds_on(day: date, time: tuple[date, date | None]) -> bool:
    """Whether a day is in the period `time`, given as its first day and the first day
    after it.
    """
    first, after = time
    return first <= day and (after is None or day < after)


def ending_code(
    starts_on: date, ended_on: date, reason: EndingReason, today: date
) -> str | None:
    """The error code for the day on which a guardianship ended; None where it is right.

    A guardianship recorded by mistake may be ended before it began.
    """
    if ended_on > today:
        return "in_future"
    if reason is not EndingReason.MISTAKE and ended_on < starts_on:
        return "wrong_order"
    return None
