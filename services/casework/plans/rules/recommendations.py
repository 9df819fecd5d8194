"""The life of a recommendation, and why one was not done. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class RecommendationState(StrEnum):
    """Where a recommendation stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_DONE = "not_done"


class RecommendationVerb(StrEnum):
    """What may be done to a recommendation."""

    ACCEPT = "accept"
    START = "start"
    COMPLETE = "complete"
    GIVE_UP = "give-up"
    TELL_EFFECT = "tell-effect"


TRANSITIONS: Mapping[
    RecommendationState, Mapping[RecommendationVerb, RecommendationState]
] = {
    RecommendationState.PROPOSED: {
        RecommendationVerb.ACCEPT: RecommendationState.ACCEPTED,
        RecommendationVerb.GIVE_UP: RecommendationState.NOT_DONE,
    },
    # Not done before it was begun: what waits is counted apart from what is under way.
    RecommendationState.ACCEPTED: {
        RecommendationVerb.START: RecommendationState.IN_PROGRESS,
        RecommendationVerb.GIVE_UP: RecommendationState.NOT_DONE,
    },
    RecommendationState.IN_PROGRESS: {
        RecommendationVerb.COMPLETE: RecommendationState.DONE,
        RecommendationVerb.GIVE_UP: RecommendationState.NOT_DONE,
    },
    # What it has brought shows later, and may be seen otherwise later still.
    RecommendationState.DONE: {
        RecommendationVerb.TELL_EFFECT: RecommendationState.DONE,
    },
    RecommendationState.NOT_DONE: {},
}
"""Where each verb leads. What was never begun is given up as well, for a reason."""


ENDING = frozenset({RecommendationVerb.COMPLETE, RecommendationVerb.GIVE_UP})
"""The verbs that end it: their day is the one by which reports count it."""


def allowed_verbs(state: RecommendationState) -> list[RecommendationVerb]:
    """What may be done to a recommendation in this state."""
    return list(TRANSITIONS[state])


class Effect(StrEnum):
    """What a recommendation that was done has brought."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    NOT_ASSESSABLE = "not_assessable"


class Label(NamedTuple):
    """A text in both languages."""

    pl: str
    en: str


class NotDoneReason(StrEnum):
    """Why a recommendation was not done."""

    NO_CAPACITY = "no_capacity"
    NO_FUNDING = "no_funding"
    INSTITUTION_REFUSED = "institution_refused"
    FAMILY_DECLINED = "family_declined"
    NO_LONGER_NEEDED = "no_longer_needed"
    REPLACED = "replaced"
    OTHER = "other"


# In both languages beside each other, so that no reason is left without one.
REASONS: Mapping[NotDoneReason, Label] = {
    NotDoneReason.NO_CAPACITY: Label("brak wolnych miejsc", "no free places"),
    NotDoneReason.NO_FUNDING: Label("brak środków", "no funding"),
    NotDoneReason.INSTITUTION_REFUSED: Label(
        "odmowa instytucji", "the institution refused"
    ),
    NotDoneReason.FAMILY_DECLINED: Label(
        "rodzina zrezygnowała", "the family has declined"
    ),
    NotDoneReason.NO_LONGER_NEEDED: Label("potrzeba ustała", "no longer needed"),
    NotDoneReason.REPLACED: Label(
        "zastąpiono innym zaleceniem", "replaced by another recommendation"
    ),
    NotDoneReason.OTHER: Label("inny powód", "another reason"),
}


def ending_error(
    verb: RecommendationVerb, reason: NotDoneReason | None, effect: Effect | None
) -> tuple[str, str] | None:
    """The field and the code of what is wrong with an end; None when nothing.

    What is given up has a reason and no effect; nothing else has a reason. The effect
    of what is done may be told at once, or later by a verb of its own.
    """
    # Either without the other is wrong: a reason is there if and only if it
    # is given up.
    if (verb is RecommendationVerb.GIVE_UP) != (reason is not None):
        return "reason", "missing" if reason is None else "not_allowed"
    if effect is not None and verb is not RecommendationVerb.COMPLETE:
        return "effect", "not_allowed"
    return None
