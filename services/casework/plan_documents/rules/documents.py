"""What is known of a support plan when its document is made. Pure."""

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from services.chassis.ground.problems import Language

# Printable ASCII without blanks: what a link in a PDF and a QR code carry alike.
_PAGE = re.compile(r"https://[!-~]+")
LEVELS = range(-2, 3)
"""Goal attainment scaling: 0 is the goal as agreed, −2 and +2 are far from it (Kiresuk
and Sherman 1968).
"""


# States and sectors of its own, equal in value to those of plans: the process that
# draws loads no tables.
class PlanState(StrEnum):
    """How far a plan has come."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    SUPERSEDED = "superseded"
    COMPLETED = "completed"


AGREED = {PlanState.APPROVED, PlanState.ACTIVE}
"""States in which the steps of a plan are to be taken."""


class PlanSector(StrEnum):
    """Sectors of the institutions around a child."""

    HEALTH = "health"
    EDUCATION = "education"
    SOCIAL_ASSISTANCE = "social_assistance"
    FAMILY_SUPPORT = "family_support"
    LABOUR = "labour"
    SOCIAL_ECONOMY = "social_economy"
    CIVIC = "civic"


class GoalSubject(StrEnum):
    """For whom something is to change."""

    CHILD = "child"
    PUPIL = "pupil"
    FAMILY = "family"
    ENVIRONMENT = "environment"


class RecommendationState(StrEnum):
    """What has become of a recommendation."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class Coordinator:
    """The person whom a parent calls."""

    name: str
    role: str
    institution: str
    telephone: str


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One of those who help."""

    name: str
    role: str
    sector: PlanSector
    institution: str = ""


@dataclass(frozen=True, slots=True)
class Attainment:
    """How near a goal was on a day."""

    on: date
    level: int

    def __post_init__(self) -> None:
        """ValueError for a level that the scale does not have."""
        # A level outside the picture's scale would be drawn beside it.
        if self.level not in LEVELS:
            raise ValueError("a level of attainment is one from -2 to 2")


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to change, and how one will know."""

    subject: GoalSubject
    text: str
    indicator: str
    baseline: str
    target: str
    attainments: tuple[Attainment, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What an institution is to do.

    `effect`: what it brought, or why it was not done.
    """

    text: str
    sector: PlanSector
    institution: str
    state: RecommendationState
    due_on: date | None = None
    hours_a_month: Decimal | None = None
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next: on which day, where, and whom to call about it."""

    text: str
    on: date
    who: str
    telephone: str = ""
    where: str = ""
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """When the plan is looked at together, and what was found;
    without findings it is still to come.
    """

    on: date
    findings: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who has agreed to the plan, as what, and when."""

    by: str
    role: str
    on: date


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A version of a support plan, as it stood on `as_of`;
    names are written as they are given.

    `written_in`: the language of the goals, steps and other texts that people wrote.
    """

    child_first_name: str
    child_initials: str
    county: str
    number: str
    version: int
    state: PlanState
    as_of: date
    coordinator: Coordinator
    valid_from: date | None = None
    valid_to: date | None = None
    team: tuple[TeamMember, ...] = ()
    goals: tuple[Goal, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    steps: tuple[Step, ...] = ()
    reviews: tuple[Review, ...] = ()
    approvals: tuple[Approval, ...] = ()
    link: str | None = None
    written_in: Language = "pl"

    def __post_init__(self) -> None:
        """ValueError for a link which is not the address of a page:
        it can be pressed on.
        """
        if self.link is not None and not _PAGE.fullmatch(self.link):
            raise ValueError("the link of a plan is an https address in ASCII")

    def next_steps(self) -> list[Step]:
        """The steps from the day of the document on, the nearest first."""
        # Of today as well: it may be in the afternoon.
        ahead = (step for step in self.steps if step.on >= self.as_of)
        return sorted(ahead, key=_moment)

    def past_steps(self) -> list[Step]:
        """The steps before the day of the document, the latest first."""
        past = (step for step in self.steps if step.on < self.as_of)
        return sorted(past, key=_moment, reverse=True)


def _moment(step: Step) -> tuple[date, time]:
    """Day and hour; a step without an hour stands before the others of its day."""
    # None cannot be compared with an hour.
    return step.on, step.at or time.min
