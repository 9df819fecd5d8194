"""The data of a support plan from which its document is made. Pure."""

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from services.chassis.ground.problems import Language

# Printable ASCII without blanks, which is safe both in a PDF link and in a QR code.
_PAGE = re.compile(r"https://[!-~]+")
LEVELS = range(-2, 3)
"""Goal attainment scaling: 0 is the goal as agreed, −2 and +2 are far from it (Kiresuk
and Sherman 1968).
"""


# Enums of its own, with the same values as those of plans, so that the drawing process
# loads no tables.
class PlanState(StrEnum):
    """The state of a plan."""

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
    """For whom a goal is."""

    CHILD = "child"
    PUPIL = "pupil"
    FAMILY = "family"
    ENVIRONMENT = "environment"


class RecommendationState(StrEnum):
    """The state of a recommendation."""

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
    """A member of the team."""

    name: str
    role: str
    sector: PlanSector
    institution: str = ""


@dataclass(frozen=True, slots=True)
class Attainment:
    """The level of a goal on a day."""

    on: date
    level: int

    def __post_init__(self) -> None:
        """ValueError for a level that the scale does not have."""
        # A level outside the scale would be drawn outside the chart.
        if self.level not in LEVELS:
            raise ValueError("a level of attainment is one from -2 to 2")


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to change, and the indicator that shows it."""

    subject: GoalSubject
    text: str
    indicator: str
    baseline: str
    target: str
    attainments: tuple[Attainment, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation to an institution.

    `effect`: its effect, or why it was not done.
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
    """A step: what happens, on which day, where, and whom to call."""

    text: str
    on: date
    who: str
    telephone: str = ""
    where: str = ""
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A review of the plan, with its findings; without findings it is still planned."""

    on: date
    findings: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who has approved the plan, in which role, and when."""

    by: str
    role: str
    on: date


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A version of a support plan as of the day `as_of`; names are printed unchanged.

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
        """ValueError for a link that is not the address of a page, because readers can
        click it.
        """
        if self.link is not None and not _PAGE.fullmatch(self.link):
            raise ValueError("the link of a plan is an https address in ASCII")

    def next_steps(self) -> list[Step]:
        """The steps from the day of the document on, the nearest first."""
        # Today's steps as well: they may be later today.
        ahead = (step for step in self.steps if step.on >= self.as_of)
        return sorted(ahead, key=_moment)

    def past_steps(self) -> list[Step]:
        """The steps before the day of the document, the latest first."""
        past = (step for step in self.steps if step.on < self.as_of)
        return sorted(past, key=_moment, reverse=True)


def _moment(step: Step) -> tuple[date, time]:
    """The sort key, day and hour; a step without an hour comes first on its day."""
    # None cannot be compared with a time.
    return step.on, step.at or time.min
