"""What a partner of a programme must show (source 003). Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

NEEDED_MONTHS = 5 * 12
"""Five years of projects with EU money for the staff of local authorities."""
# The longest month: what is left of a single time never becomes a whole one.
_DAYS_OF_A_MONTH = 31


class PartnerState(StrEnum):
    """A candidate is described until it is accepted."""

    CANDIDATE = "candidate"
    ACCEPTED = "accepted"


class Project(NamedTuple):
    """A project with EU money, to its last day; without one it goes on."""

    starts_on: date
    ends_on: date | None
    is_for_authority_staff: bool


class Candidate(NamedTuple):
    """What is said of a candidate beside its projects."""

    is_nationwide: bool
    is_authority_association: bool
    has_technical_capacity: bool
    has_premises: bool


def project_errors(projects: Sequence[Project], today: date) -> list[tuple[str, str]]:
    """The days of projects that cannot be, by the place of the project, with a code."""
    # A project may end in the future: it is planned, and counts up to today.
    wrong = []
    for place, project in enumerate(projects):
        if project.starts_on > today:
            wrong.append((f"projects/{place}/starts_on", "in_future"))
        if project.ends_on is not None and project.ends_on < project.starts_on:
            wrong.append((f"projects/{place}/ends_on", "wrong_order"))
    return wrong


def experience_months(projects: Iterable[Project], today: date) -> int:
    """Whole months with at least one project for the staff of local authorities.

    Days on which several ran count once, days to come do not count. Of what is left of
    the separate times, 31 days are a month.
    """
    months, days = 0, 0
    for since, until in _times(projects, today):
        more_months, more_days = _between(since, until)
        months, days = months + more_months, days + more_days
    return months + days // _DAYS_OF_A_MONTH


def _times(projects: Iterable[Project], today: date) -> Iterator[tuple[date, date]]:
    """The separate times with projects, each up to the day after its last."""
    # By their first days: then a time can only go on, or a new one begin.
    ran = sorted(
        (each.starts_on, min(each.ends_on or today, today) + timedelta(days=1))
        for each in projects
        if each.is_for_authority_staff and each.starts_on <= today
    )
    if not ran:
        return
    since, until = ran[0]
    for begins, ends in ran[1:]:
        # `until` is the day after the last: times that meet are one.
        if begins > until:
            yield since, until
            since = begins
        until = max(until, ends)
    yield since, until


def _between(since: date, until: date) -> tuple[int, int]:
    """Whole months, and the days that are left, as a calendar counts them."""
    # Not by dividing days: five years have 1,826 or 1,827.
    months = (until.year - since.year) * 12 + until.month - since.month
    if until.day >= since.day:
        return months, until.day - since.day
    last_month = until.replace(day=1) - timedelta(days=1)
    return months - 1, max(last_month.day - since.day, 0) + until.day


def missing_to_accept(candidate: Candidate, months: int) -> list[str]:
    """Everything that a candidate still lacks."""
    # By the names of the fields, so that a client can show each where it is filled in.
    missing = [name for name, holds in candidate._asdict().items() if not holds]
    return missing if months >= NEEDED_MONTHS else [*missing, "eu_project_years"]
