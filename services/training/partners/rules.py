"""The requirements of a programme's partner (source 003). Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

NEEDED_MONTHS = 5 * 12
"""Five years of projects with EU money for the staff of local authorities."""
# The longest month, so that the odd days of one period never make a month.
_DAYS_OF_A_MONTH = 31


class PartnerState(StrEnum):
    """A candidate is described until it is accepted."""

    CANDIDATE = "candidate"
    ACCEPTED = "accepted"


class Project(NamedTuple):
    """A project with EU money; `ends_on` is None while it goes on."""

    starts_on: date
    ends_on: date | None
    is_for_authority_staff: bool


class Candidate(NamedTuple):
    """The facts of a candidate except its projects."""

    is_nationwide: bool
    is_authority_association: bool
    has_technical_capacity: bool
    has_premises: bool


def project_errors(projects: Sequence[Project], today: date) -> list[tuple[str, str]]:
    """The errors of projects' days: pointers with their codes."""
    # A project may end in the future; it counts up to today.
    errors = []
    for place, project in enumerate(projects):
        if project.starts_on > today:
            errors.append((f"projects/{place}/starts_on", "in_future"))
        if project.ends_on is not None and project.ends_on < project.starts_on:
            errors.append((f"projects/{place}/ends_on", "wrong_order"))
    return errors


def experience_months(projects: Iterable[Project], today: date) -> int:
    """Whole months with at least one project for the staff of local authorities.

    Days with several projects count once, future days do not count. The odd days of all
    periods are added, and 31 of them are a month.
    """
    months, days = 0, 0
    for since, until in _periods(projects, today):
        more_months, more_days = _between(since, until)
        months, days = months + more_months, days + more_days
    return months + days // _DAYS_OF_A_MONTH


def _periods(projects: Iterable[Project], today: date) -> Iterator[tuple[date, date]]:
    """The separate periods with projects, each as its first day and the day after."""
    # Sorted by first day: each project extends the period or begins a new one.
    spans = sorted(
        (each.starts_on, min(each.ends_on or today, today) + timedelta(days=1))
        for each in projects
        if each.is_for_authority_staff and each.starts_on <= today
    )
    if not spans:
        return
    since, until = spans[0]
    for begins, ends in spans[1:]:
        # `until` is the day after the last: adjacent periods are one.
        if begins > until:
            yield since, until
            since = begins
        until = max(until, ends)
    yield since, until


def _between(since: date, until: date) -> tuple[int, int]:
    """Whole calendar months between two days, and the odd days."""
    # By calendar and not by a division: five years have 1,826 or 1,827 days.
    months = (until.year - since.year) * 12 + until.month - since.month
    if until.day >= since.day:
        return months, until.day - since.day
    last_month = until.replace(day=1) - timedelta(days=1)
    return months - 1, max(last_month.day - since.day, 0) + until.day


def missing_to_accept(candidate: Candidate, months: int) -> list[str]:
    """Everything that a candidate still lacks."""
    # Names of fields, so that a client can mark the missing ones.
    missing = [name for name, holds in candidate._asdict().items() if not holds]
    return missing if months >= NEEDED_MONTHS else [*missing, "eu_project_years"]
