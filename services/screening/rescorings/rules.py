"""What a re-scoring may become, and when a decision changes."""

from collections.abc import Mapping
from enum import StrEnum


class RescoringState(StrEnum):
    """Where a re-scoring stands."""

    COMPUTING = "computing"
    COMPUTED = "computed"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"


class Verb(StrEnum):
    """What may be done to it."""

    ACCEPT = "accept"
    DISCARD = "discard"


_ALLOWED: Mapping[str, tuple[Verb, ...]] = {
    RescoringState.COMPUTING: (Verb.DISCARD,),
    RescoringState.COMPUTED: (Verb.ACCEPT, Verb.DISCARD),
}


def allowed_verbs(state: str) -> list[Verb]:
    """What may be done next."""
    return list(_ALLOWED.get(state, ()))
