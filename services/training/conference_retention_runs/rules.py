"""States of a retention run of conferences. Pure."""

from enum import StrEnum


class RunState(StrEnum):
    """Whether a run is decided, and how."""

    PROPOSED = "proposed"
    CARRIED_OUT = "carried_out"
    DECLINED = "declined"


class RunVerb(StrEnum):
    """The decisions on a run."""

    CARRY_OUT = "carry-out"
    DECLINE = "decline"


MOST_CONFERENCES = 200
"""The most conferences in one run; the next run takes the rest."""


def allowed_verbs(state: RunState) -> list[RunVerb]:
    """The verbs that a state allows."""
    # A run is decided once; another decision needs a new run.
    return [*RunVerb] if state is RunState.PROPOSED else []
