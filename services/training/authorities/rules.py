"""The path of an authority, who may be recruited, and its windows. Pure."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple


class AuthorityKind(StrEnum):
    """The two tiers that run schools in the test."""

    COUNTY = "county"
    COMMUNE = "commune"


class AuthorityState(StrEnum):
    """How far an authority has come."""

    RECRUITED = "recruited"
    TRAINED = "trained"
    DIAGNOSIS_READY = "diagnosis_ready"
    PLAN_READY = "plan_ready"
    IMPLEMENTATION_STARTED = "implementation_started"
    MONITORED = "monitored"
    POST_PROJECT_MONITORED = "post_project_monitored"
    WITHDRAWN = "withdrawn"


class AuthorityVerb(StrEnum):
    """The verbs that take an authority to its next state, or let it withdraw."""

    CONFIRM_TRAINING = "confirm-training"
    CONFIRM_DIAGNOSIS = "confirm-diagnosis"
    CONFIRM_PLAN = "confirm-plan"
    CONFIRM_IMPLEMENTATION = "confirm-implementation"
    CONFIRM_MONITORING = "confirm-monitoring"
    CONFIRM_POST_PROJECT_MONITORING = "confirm-post-project-monitoring"
    WITHDRAW = "withdraw"


# Without the last state of the enum: withdrawal is no step on the path.
PATH = tuple(AuthorityState)[:-1]
"""The states in their order (source 003)."""
STATE_AFTER = {
    **dict(zip(tuple(AuthorityVerb)[:-1], PATH[1:], strict=True)),
    AuthorityVerb.WITHDRAW: AuthorityState.WITHDRAWN,
}
ALLOWED: Mapping[AuthorityState, tuple[AuthorityVerb, ...]] = {
    **{
        state: (verb, AuthorityVerb.WITHDRAW)
        for state, verb in zip(PATH, tuple(AuthorityVerb)[:-1], strict=False)
    },
    AuthorityState.POST_PROJECT_MONITORED: (),
    AuthorityState.WITHDRAWN: (),
}


class WorkState(StrEnum):
    """How far a diagnosis or a check-in has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


WORK_ALLOWED: Mapping[WorkState, tuple[str, ...]] = {
    WorkState.DRAFT: ("revise", "submit"),
    WorkState.SUBMITTED: ("accept", "return"),
    # Accepted work is evidence of a step and cannot be changed.
    WorkState.ACCEPTED: (),
    WorkState.RETURNED: ("revise", "submit"),
}


class AuthorityPreference(StrEnum):
    """Why an authority is recruited before others: recruitment is open to all."""

    MARGINALISATION_RISK = "marginalisation_risk"


# A refusal names both at once, so that both can be mended at once.
class RecruitmentNeed(StrEnum):
    """What an authority or programme lacks for a recruitment."""

    RUNNING_BODY = "running_body"
    PROGRAMME_OF_AUTHORITIES = "programme_of_authorities"


class Window(NamedTuple):
    """A first and a last day."""

    starts_on: date
    ends_on: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in the window."""
        return self.starts_on <= day <= self.ends_on


ADVISORY_MONTHS = 12
MONITORING_MONTHS = 12
POST_PROJECT_YEARS = 2


def months_after(day: date, months: int) -> date:
    """The day of the same number in a later month, or that month's last day.

    Civil Code art. 112.

    >>> months_after(date(2024, 11, 30), 3)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def window_of(starts_on: date, months: int) -> Window:
    """The window of a number of months that begins on a day.

    >>> window_of(date(2024, 11, 5), 12).ends_on
    datetime.date(2025, 11, 4)
    """
    return Window(starts_on, months_after(starts_on, months) - timedelta(days=1))


def post_project_window(programme_ends_on: date, monitoring_ends_on: date) -> Window:
    """The two years after the project in which its applicant still monitors.

    Source 003: a project until December 2026 is monitored until December 2028. Where
    the twelve months end later than the project, the two years follow them.

    >>> post_project_window(date(2026, 12, 31), date(2026, 8, 31)).ends_on
    datetime.date(2028, 12, 31)
    """
    # Monitoring by month and by year never overlap, whenever an authority has begun.
    last_day = max(programme_ends_on, monitoring_ends_on)
    return window_of(last_day + timedelta(days=1), 12 * POST_PROJECT_YEARS)


def kind_of(terc: str) -> AuthorityKind:
    """Four digits are a county, seven a commune (TERYT)."""
    return AuthorityKind.COUNTY if len(terc) == 4 else AuthorityKind.COMMUNE


def risk_errors(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The errors of a risk of marginalisation, which needs a source: field and code."""
    # Both ways: without a risk, a source left behind is an error as well.
    if facts["is_at_risk"] and facts["risk_source"] is None:
        return [("risk_source", "missing")]
    if not facts["is_at_risk"] and facts["risk_source"] is not None:
        return [("risk_source", "not_allowed")]
    return []


def day_error(day: date, programme: Window, today: date) -> str | None:
    """The code of what is wrong with a day of recruitment; None for a possible day."""
    if day > today:
        return "in_future"
    return None if programme.holds(day) else "outside_dates"


def missing_to_recruit(
    enrolment_rule: str, *, is_running_body: bool
) -> list[RecruitmentNeed]:
    """Everything that an authority lacks to be recruited for a programme."""
    missing = [] if is_running_body else [RecruitmentNeed.RUNNING_BODY]
    if enrolment_rule != "authority_team":
        missing.append(RecruitmentNeed.PROGRAMME_OF_AUTHORITIES)
    return missing
