"""The roles of appointments, and the errors in a new appointment. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple


class Role(StrEnum):
    """The four coordinators of the cross-sector support model (source 000) and the animator (source 002)."""

    CROSS_SECTOR_SUPPORT_COORDINATOR = "cross_sector_support_coordinator"
    COORDINATING_INSTITUTION_COORDINATOR = "coordinating_institution_coordinator"
    EARLY_SCREENING_COORDINATOR = "early_screening_coordinator"
    PUPIL_SCREENING_COORDINATOR = "pupil_screening_coordinator"
    ANIMATOR = "animator"


class Contract(StrEnum):
    """The contract by which a person works in the role."""

    EMPLOYMENT = "employment"
    CIVIL = "civil"
    SECONDED = "seconded"


CODES = {
    Role.CROSS_SECTOR_SUPPORT_COORDINATOR: "KWM",
    Role.COORDINATING_INSTITUTION_COORDINATOR: "KIK",
    Role.EARLY_SCREENING_COORDINATOR: "KBWWR",
    Role.PUPIL_SCREENING_COORDINATOR: "KBU",
}
"""The codes by which the sources name the coordinators."""


class Span(NamedTuple):
    """Days from `start` until before `end`; without an end when None."""

    start: date
    end: date | None

    def overlaps(self, other: "Span") -> bool:
        """Whether the two have a day in common."""
        return (other.end is None or self.start < other.end) and (
            self.end is None or other.start < self.end
        )

    def holds(self, day: date) -> bool:
        """Whether `day` is one of the days of the span."""
        return self.start <= day and (self.end is None or day < self.end)


def may_end_on(span: Span, until: date, today: date) -> bool:
    """Whether an appointment may end on that day: after its first day, and not after its present end.

    Before its first day it may also end on that day: then it never begins.
    """
    if span.end is not None and until > span.end:
        return False
    return until > span.start or until == span.start > today


def most_at_once(within: Span, others: Sequence[Span]) -> int:
    """The most of `others` that hold on any one day of `within`."""
    overlapping = [other for other in others if other.overlaps(within)]
    # The number rises only where a span begins, so it is highest on one of these days.
    beginnings = {
        within.start,
        *(other.start for other in overlapping if within.holds(other.start)),
    }
    return max(sum(other.holds(day) for other in overlapping) for day in beginnings)


def contradictions(
    facts: Mapping[str, Any], programme: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """What in an appointment does not go together or does not fit its programme: field and code.

    Animators work by an employment contract (source 002); a coordinator of the coordinating institution has one.
    """
    wrong = []
    role, contract = facts["role"], facts["contract"]
    if (
        role is Role.COORDINATING_INSTITUTION_COORDINATOR
        and facts["institution_id"] is None
    ):
        wrong.append(("institution_id", "missing"))
    if role is Role.ANIMATOR and programme["animators_per_site"] is None:
        wrong.append(("role", "not_allowed"))
    if role is Role.ANIMATOR and contract is not Contract.EMPLOYMENT:
        wrong.append(("contract", "missing" if contract is None else "not_allowed"))
    return wrong + _wrong_days(Span(facts["held_from"], facts["held_to"]), programme)


def _wrong_days(span: Span, programme: Mapping[str, Any]) -> list[tuple[str, str]]:
    if span.end is not None and span.end <= span.start:
        return [("held_to", "wrong_order")]
    starts_on, ends_on = programme["starts_on"], programme["ends_on"]
    too_early = starts_on is not None and span.start < starts_on
    too_late = ends_on is not None and span.start > ends_on
    wrong = [("held_from", "outside_programme")] if too_early or too_late else []
    # `ends_on` is the programme's last day, `end` the first day after the span: they
    # may be one day apart.
    if ends_on is not None and span.end is not None and (span.end - ends_on).days > 1:
        wrong.append(("held_to", "outside_programme"))
    return wrong


def most_allowed(role: Role, animators_per_site: int | None) -> int | None:
    """How many may hold a role at one site at once: one KWM, the programme's number of animators; None is no limit."""
    if role is Role.CROSS_SECTOR_SUPPORT_COORDINATOR:
        return 1
    return animators_per_site if role is Role.ANIMATOR else None


def required_people(
    *, needs_coordinator: bool, animators_per_site: int | None
) -> dict[Role, int]:
    """How many people every site of a programme needs on every day, by role."""
    required = {Role.CROSS_SECTOR_SUPPORT_COORDINATOR: 1} if needs_coordinator else {}
    return required | (
        {Role.ANIMATOR: animators_per_site} if animators_per_site else {}
    )
