"""How far a campaign is from its targets, by what is published of it. Pure."""

from collections.abc import Mapping
from datetime import date
from math import ceil
from typing import Any, NamedTuple

from services.screening.campaigns.rules.counted import Numbers
from services.screening.campaigns.rules.steps import (
    Steps,
    steps_by,
    steps_by_county,
    steps_in_all,
)


class Pace(NamedTuple):
    """Where a target stands today; what would tell a small number is None."""

    due_on: date | None
    reached: int | None
    expected: int | None
    is_reached: bool | None
    is_behind: bool | None
    is_overdue: bool | None


def expected_by(target: int, opened_on: date, due_on: date, today: date) -> int:
    """How many should be done by today if they were done evenly: nobody on the first day, all on the last."""
    days = (due_on - opened_on).days
    passed = min(max((today - opened_on).days, 0), days)
    return target if days <= 0 else ceil(target * passed / days)


def _steps_there(
    county: str | None, implementer: str | None, numbers: Numbers
) -> Steps | None:
    """How far the children of a target have come; None of a place of which nothing is known."""
    if county is not None:
        return steps_by_county(numbers).get(county)
    if implementer is None:
        return steps_in_all(numbers)
    parted = steps_by(numbers, "implementer")
    return next(
        (steps for told, steps in parted if told["implementer"] == implementer), None
    )


def reached(
    stage: int, county: str | None, implementer: str | None, numbers: Numbers
) -> int | None:
    """How many have completed the stage there; None where that is not told."""
    steps = _steps_there(county, implementer, numbers)
    if steps is None:
        return 0 if numbers.is_live else None
    return steps.complete if stage == 1 else steps.stage_two_complete


def pace_of(
    target: Mapping[str, Any], campaign: Any, numbers: Numbers, today: date
) -> Pace:
    """The pace of a target (stage, county_terc, implementer, subjects) of a campaign with its days."""
    stage, wanted = target["stage"], target["subjects"]
    done = reached(stage, target["county_terc"], target["implementer"], numbers)
    due_on = campaign.stage_one_due_on if stage == 1 else campaign.stage_two_due_on
    begun_on = campaign.opened_on if stage == 1 else campaign.stage_one_due_on
    expected = None if due_on is None else expected_by(wanted, begun_on, due_on, today)
    if done is None:
        return Pace(due_on, None, expected, None, None, None)
    return Pace(
        due_on,
        done,
        expected,
        is_reached=done >= wanted,
        is_behind=None if expected is None else done < expected,
        is_overdue=None if due_on is None else done < wanted and today > due_on,
    )
