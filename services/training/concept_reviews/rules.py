"""Who reviews a proposed version, and what is decided about it. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class ReviewKind(StrEnum):
    """A partner's review, or a workshop with communes and counties (source 003)."""

    PARTNER_REVIEW = "partner_review"
    WORKSHOP_CONSULTATION = "workshop_consultation"


class RecommendationState(StrEnum):
    """Each recommendation is decided by itself, once."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


VERBS: dict[RecommendationState, list[str]] = {
    RecommendationState.OPEN: ["accept", "reject"],
    # Final: both sides agree to a version by what was decided.
    RecommendationState.ACCEPTED: [],
    RecommendationState.REJECTED: [],
}
"""What may be done to a recommendation in each state."""
_NEEDED = {
    ReviewKind.PARTNER_REVIEW: ("partner_id",),
    # Authorities of both levels are consulted: counted by commune and by county.
    ReviewKind.WORKSHOP_CONSULTATION: ("communes", "counties"),
}


def contradictions(kind: ReviewKind, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields that a review of this kind lacks, or that belong to the other kind."""
    # Of both kinds: what belongs to the other one is a sign of the wrong kind.
    wrong = []
    for of_kind, names in _NEEDED.items():
        for name in names:
            if of_kind is kind and facts[name] is None:
                wrong.append((name, "missing"))
            elif of_kind is not kind and facts[name] is not None:
                wrong.append((name, "not_allowed"))
    return wrong
