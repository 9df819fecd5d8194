"""Checks whether an imported case could have reached its state here. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from services.casework.cases.rules import (
    CaseFacts,
    CaseState,
    CaseVerb,
    missing,
    state_after,
)

BEFORE_REVIEWS = (
    CaseVerb.CONSENT,
    CaseVerb.ASSESS,
    CaseVerb.CONSULT_TEAM,
    CaseVerb.AGREE_PLAN,
    CaseVerb.START,
)
"""The verbs of every case from its opening to the active plan."""
OF_REVIEW = (CaseVerb.REVIEW, CaseVerb.RESUME)
"""The verbs that each review adds."""


class Days(NamedTuple):
    """The days of a case, in the order of its steps."""

    first_contact_on: date
    opened_on: date
    consent_on: date
    assessed_on: date
    approved_on: date
    starts_on: date
    reviews: Sequence[date] = ()


class Step(NamedTuple):
    """A verb, the state to which it led, and the day."""

    verb: CaseVerb
    state: CaseState
    on: date


_PLACES = (
    "first_contact_on",
    "opened_on",
    "consent/given_on",
    "assessment/assessed_on",
    "plan/approved_on",
    "plan/starts_on",
)
"""The places of days that follow one another; each may equal the one before."""


def day_errors(days: Days, today: date) -> list[tuple[str, str]]:
    """The errors in the days, in the future or in the wrong order,
    each as place and code.
    """
    *fixed, reviews = days
    dated: list[tuple[str, date]] = [*zip(_PLACES, fixed, strict=True)]
    dated += [(f"reviews/{number}/held_on", day) for number, day in enumerate(reviews)]
    wrong = [(place, "in_future") for place, day in dated if day > today]
    return wrong + [
        (place, "wrong_order")
        for (_, before), (place, day) in pairwise(dated)
        if day < before
    ]


def lacking(facts: CaseFacts) -> list[str]:
    """The needs of all steps that the case does not meet, each once."""
    unmet_needs: dict[str, None] = {}
    state = CaseState.DRAFT
    for verb in BEFORE_REVIEWS:
        unmet_needs |= dict.fromkeys(need.value for need in missing(state, verb, facts))
        state = state_after(state, verb)
    return [*unmet_needs]


def steps(days: Days) -> Iterator[Step]:
    """The steps of the case, each on its day."""
    days_of_verbs = (
        days.consent_on,
        days.assessed_on,
        days.approved_on,
        days.approved_on,
        days.starts_on,
    )
    verbs = [*zip(BEFORE_REVIEWS, days_of_verbs, strict=True)]
    verbs += [(verb, day) for day in days.reviews for verb in OF_REVIEW]
    state = CaseState.DRAFT
    for verb, day in verbs:
        state = state_after(state, verb)
        yield Step(verb, state, day)
