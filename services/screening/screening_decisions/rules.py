"""Who may confirm a result, and which events a consent causes."""

from collections.abc import Collection

from services.screening.instruments.rules.outcomes import Outcome
from services.screening.screenings.rules.states import State


def calls_for_referral(
    state: str, outcome: str | None, has_consent: bool | None
) -> bool:
    """Whether a result calls for a referral: confirmed, positive and with consent."""
    is_confirmed_positive = state == State.CONFIRMED and outcome == Outcome.POSITIVE
    return is_confirmed_positive and bool(has_consent)


def consent_event(before: bool | None, after: bool) -> str | None:
    """The event for a change of the consent; None without a change."""
    if before is after:
        return None
    if after:
        return "consent-given"
    # Only a consent that was given can be withdrawn: a referral may already rest on it,
    # so followers need the difference.
    return "consent-withdrawn" if before else "consent-refused"


def needs_second_person(
    outcome: str | None, confirmed_by: str, produced_by: Collection[str | None]
) -> bool:
    """Whether one person would both produce and confirm a positive result."""
    return outcome == Outcome.POSITIVE and confirmed_by in produced_by
