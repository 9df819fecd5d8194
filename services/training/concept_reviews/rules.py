"""Kinds of reviews, and decisions on their recommendations. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class ReviewKind(StrEnum):
    """A partner's review, or a workshop with communes and counties (source 003)."""

    PARTNER_REVIEW = "partner_review"
    WORKSHOP_CONSULTATION = "workshop_consultation"


class RecommendationState(StrEnum):
    """Whether a recommendation is decided; each is decided once."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


VERBS: dict[RecommendationState, list[str]] = {
    RecommendationState.OPEN: ["accept", "reject"],
    # Final: both sides agree to a version on the basis of these decisions.
    RecommendationState.ACCEPTED: [],
    RecommendationState.REJECTED: [],
}
"""What may be done to a recommendation in each state."""
_NEEDED = {
    ReviewKind.PARTNER_REVIEW: ("partner_id",),
    # Authorities of both levels take part: communes and counties are counted.
    ReviewKind.WORKSHOP_CONSULTATION: ("communes", "counties"),
}


def contradictions(kind: ReviewKind, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields that a review of this kind lacks, or that belong to the other kind."""
    # Both kinds are checked: a field of the other kind shows that the kind is wrong.
    errors = []
    for of_kind, names in _NEEDED.items():
        for name in names:
            if of_kind is kind and facts[name] is None:
                errors.append((name, "missing"))
            elif of_kind is not kind and facts[name] is not None:
                errors.append((name, "not_allowed"))
    return errors
