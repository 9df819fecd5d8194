"""The groups that an authority has to consult. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class StakeholderGroup(StrEnum):
    """The groups that have to be consulted on a plan (source 003)."""

    HEADS = "heads"
    TEACHERS = "teachers"
    PARENTS = "parents"
    PUPILS = "pupils"
    EMPLOYERS = "employers"
    NGOS = "ngos"


class ConsultationForm(StrEnum):
    """The form of a consultation."""

    DIALOGUE_MEETING = "dialogue_meeting"
    EDUCATION_DEBATE = "education_debate"
    CONSULTATION = "consultation"


def not_consulted(
    people: Mapping[StakeholderGroup, int],
) -> list[StakeholderGroup]:
    """The groups without a participant in any event.

    >>> not_consulted(dict.fromkeys([*StakeholderGroup][:5], 3))
    [<StakeholderGroup.NGOS: 'ngos'>]
    """
    # A group may also be absent from the counts.
    return [group for group in StakeholderGroup if not people.get(group)]


def day_error(day: date, recruited_on: date, today: date) -> str | None:
    """The code of what is wrong with a day of consultation; None for a possible day."""
    if day > today:
        return "in_future"
    # Before the recruitment: a consultation of an earlier plan.
    return "outside_dates" if day < recruited_on else None
