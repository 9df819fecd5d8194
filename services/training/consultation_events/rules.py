"""Whom an authority has to consult. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class StakeholderGroup(StrEnum):
    """The groups with which a plan is consulted (source 003)."""

    HEADS = "heads"
    TEACHERS = "teachers"
    PARENTS = "parents"
    PUPILS = "pupils"
    EMPLOYERS = "employers"
    NGOS = "ngos"


class ConsultationForm(StrEnum):
    """How it is consulted."""

    DIALOGUE_MEETING = "dialogue_meeting"
    EDUCATION_DEBATE = "education_debate"
    CONSULTATION = "consultation"


def not_consulted(
    people: Mapping[StakeholderGroup, int],
) -> list[StakeholderGroup]:
    """The groups of whom nobody took part in any event.

    >>> not_consulted(dict.fromkeys([*StakeholderGroup][:5], 3))
    [<StakeholderGroup.NGOS: 'ngos'>]
    """
    # None is as good as zero: a group may be absent from the counts.
    return [group for group in StakeholderGroup if not people.get(group)]


def day_error(day: date, recruited_on: date, today: date) -> str | None:
    """Why an authority cannot have consulted on a day; None when it can."""
    if day > today:
        return "in_future"
    # Consultations of an earlier plan are none of this one.
    return "outside_dates" if day < recruited_on else None
