"""Whether a case that was worked on elsewhere could have come so far here. Pure."""

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
"""The way of every case from its opening to the plan that is carried out."""
OF_REVIEW = (CaseVerb.REVIEW, CaseVerb.RESUME)
"""What each review adds to it."""


class Days(NamedTuple):
    """The days of a case that tell its way."""

    first_contact_on: date
    opened_on: date
    consent_on: date
    assessed_on: date
    approved_on: date
    starts_on: date
    reviews: Sequence[date] = ()


class Step(NamedTuple):
    """A verb, where it led, and on which day."""

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
"""Where the days stand that follow one another; each may be the day of the one before."""


def day_errors(days: Days, today: date) -> list[tuple[str, str]]:
    """The days that lie ahead, or before what they follow: place and code."""
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
    """What the case lacks of what each step of its way needs, each once."""
    found: dict[str, None] = {}
    state = CaseState.DRAFT
    for verb in BEFORE_REVIEWS:
        found |= dict.fromkeys(need.value for need in missing(state, verb, facts))
        state = state_after(state, verb)
    return [*found]


def steps(days: Days) -> Iterator[Step]:
    """The way of the case, verb by verb, each on the day that shows it."""
    held_on = (
        days.consent_on,
        days.assessed_on,
        days.approved_on,
        days.approved_on,
        days.starts_on,
    )
    verbs = [*zip(BEFORE_REVIEWS, held_on, strict=True)]
    verbs += [(verb, day) for day in days.reviews for verb in OF_REVIEW]
    state = CaseState.DRAFT
    for verb, day in verbs:
        state = state_after(state, verb)
        yield Step(verb, state, day)
