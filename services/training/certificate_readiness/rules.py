"""The requirements of a certificate. Pure."""

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

    With the minutes that one person attended of it, by signed lists.
    """

    id: UUID
    number: int
    form: str
    minutes: int
    attended: int

    @property
    def planned(self) -> int:
        """Minutes to attend in sessions; 0 for self-study, which has no list."""
        return 0 if self.form == SELF_STUDY else self.minutes


class Outcome(NamedTuple):
    """An outcome of the version; `is_achieved` is None until it is validated."""

    id: UUID
    module_number: int
    code: str
    is_required: bool
    is_achieved: bool | None

    @property
    def state(self) -> OutcomeState:
        """The state of the outcome's validation."""
        return state_of(self.is_achieved)


class Readiness(NamedTuple):
    """What one person has, and what is missing for a certificate."""

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
    """The readiness of one person for a certificate.

    `missing_minutes` is the rest up to the required share of the planned minutes. A
    module counts with no more than its own minutes.
    """
    # A session longer than its module does not make up for another module.
    attended = sum(min(module.attended, module.planned) for module in modules)
    planned = sum(module.planned for module in modules)
    # Integer division rounded up: 79.99 percent are not 80.
    needed = -(-planned * percent // 100)
    missing = max(0, needed - attended)
    # Returned only when the total lacks minutes; otherwise they would mislead.
    short = [module for module in modules if module.attended < module.planned]
    # Voluntary outcomes are never missing.
    lacking = [
        outcome
        for outcome in outcomes
        if outcome.is_required and not outcome.is_achieved
    ]
    share = Share(attended, planned)
    return Readiness(share, percent, missing, short if missing else [], lacking)
