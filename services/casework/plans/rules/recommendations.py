"""The states of a recommendation, and the reasons why one was not done. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class RecommendationState(StrEnum):
    """The state of a recommendation."""

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
    # It must be started before it is completed: waiting ones are counted separately
    # from those under way.
    RecommendationState.ACCEPTED: {
        RecommendationVerb.START: RecommendationState.IN_PROGRESS,
        RecommendationVerb.GIVE_UP: RecommendationState.NOT_DONE,
    },
    RecommendationState.IN_PROGRESS: {
        RecommendationVerb.COMPLETE: RecommendationState.DONE,
        RecommendationVerb.GIVE_UP: RecommendationState.NOT_DONE,
    },
    # The effect becomes visible later, and may be judged differently later still.
    RecommendationState.DONE: {
        RecommendationVerb.TELL_EFFECT: RecommendationState.DONE,
    },
    RecommendationState.NOT_DONE: {},
}
"""The state to which each verb leads, by state. A recommendation can be given up before
it was started, with a reason.
"""


ENDING = frozenset({RecommendationVerb.COMPLETE, RecommendationVerb.GIVE_UP})
"""The verbs that end a recommendation; reports count it by the day of these."""


def allowed_verbs(state: RecommendationState) -> list[RecommendationVerb]:
    """What may be done to a recommendation in this state."""
    return list(TRANSITIONS[state])


class Effect(StrEnum):
    """The effect of a completed recommendation."""

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


# Both languages together, so that no reason lacks one of them.
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
    """The error in the end of a recommendation, as field and code; None without one.

    A given-up recommendation has a reason and no effect; no other verb has a reason.
    The effect of a completed one may be given at once, or later by a verb of its own.
    """
    # A reason must be given if and only if the verb is `give-up`.
    if (verb is RecommendationVerb.GIVE_UP) != (reason is not None):
        return "reason", "missing" if reason is None else "not_allowed"
    if effect is not None and verb is not RecommendationVerb.COMPLETE:
        return "effect", "not_allowed"
    return None
