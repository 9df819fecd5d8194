"""How far a campaign is from its targets, by what is published of it. Pure."""

from collections.abc import Mapping
from datetime import date
from math import ceil
from typing import Any, NamedTuple

from services.screening.campaigns.rules.tables import Published, steps_by, steps_in_all


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


def reached(
    stage: int, county: str | None, implementer: str | None, found: Published
) -> int | None:
    """How many have completed the stage there; 0 where nobody has begun, None where that is not told."""
    if county is None and implementer is None:
        steps = [steps_in_all(found)]
    else:
        name, key = (
            ("county", "county_terc")
            if implementer is None
            else ("implementer", "implementer")
        )
        steps = [
            there
            for told, there in steps_by(found, name)
            if told[key] == (implementer or county)
        ]
    if not steps:
        return None if found.is_partial else 0
    return steps[0].complete if stage == 1 else steps[0].stage_two_complete


def pace_of(
    target: Mapping[str, Any], campaign: Any, found: Published, today: date
) -> Pace:
    """The pace of a target (stage, county_terc, implementer, subjects) of a campaign with its days."""
    stage, wanted = target["stage"], target["subjects"]
    done = reached(stage, target["county_terc"], target["implementer"], found)
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
