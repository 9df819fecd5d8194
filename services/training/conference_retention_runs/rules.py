"""What becomes of a run of the retention rules of conferences. Pure."""

from enum import StrEnum


class RunState(StrEnum):
    """How far a run is."""

    PROPOSED = "proposed"
    CARRIED_OUT = "carried_out"
    DECLINED = "declined"


class RunVerb(StrEnum):
    """What may be done with it."""

    CARRY_OUT = "carry-out"
    DECLINE = "decline"


MOST_CONFERENCES = 200
"""In one run: the next one takes the rest."""


def allowed_verbs(state: RunState) -> list[RunVerb]:
    """What may be done in a state."""
    # Decided once: for another look another run is proposed.
    return [*RunVerb] if state is RunState.PROPOSED else []
