"""What a certificate needs. Pure."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from services.training.attendances.rules import Share
from services.training.validations.rules import OutcomeState, state_of

SELF_STUDY = "self_study"
EARNED_IN = ("attending", "completed")
"""States of an enrolment in which a certificate can be earned."""


class Module(NamedTuple):
    """A module of the version.

    With the minutes that somebody attended of it by signed lists.
    """

    id: UUID
    number: int
    form: str
    minutes: int
    attended: int

    @property
    def planned(self) -> int:
        """Minutes that are attended in sessions: what is studied alone has no list."""
        return 0 if self.form == SELF_STUDY else self.minutes


class Outcome(NamedTuple):
    """An outcome of the version, with what was found of it; None where nothing was."""

    id: UUID
    module_number: int
    code: str
    is_required: bool
    is_achieved: bool | None

    @property
    def state(self) -> OutcomeState:
        """What is known of it."""
        return state_of(self.is_achieved)


class Readiness(NamedTuple):
    """What somebody has, and what is missing for a certificate."""

    share: Share
    required_percent: int
    missing_minutes: int
    short_modules: Sequence[Module]
    missing_outcomes: Sequence[Outcome]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing_minutes and not self.missing_outcomes


def readiness(
    modules: Collection[Module], outcomes: Collection[Outcome], percent: int
) -> Readiness:
    """What is missing.

    Minutes up to the share of the version's planned minutes, and required outcomes.

    A module counts with no more than its own minutes: what was attended of one makes up
    for no other.
    """
    # A meeting that lasted longer than its module does not make up for another.
    attended = sum(min(module.attended, module.planned) for module in modules)
    planned = sum(module.planned for module in modules)
    # Rounded up in whole numbers: 79.99 percent are not 80.
    needed = -(-planned * percent // 100)
    missing = max(0, needed - attended)
    # Named only when minutes are missing at all: else they would alarm in vain.
    short = [module for module in modules if module.attended < module.planned]
    # What is voluntary is never missing.
    lacking = [
        outcome
        for outcome in outcomes
        if outcome.is_required and not outcome.is_achieved
    ]
    share = Share(attended, planned)
    return Readiness(share, percent, missing, short if missing else [], lacking)
