"""How far a campaign is from its targets, by its published numbers. Pure."""

from datetime import date
from math import ceil
from typing import NamedTuple

from services.screening.campaign_releases.rules.plans import CampaignPlan
from services.screening.campaign_releases.rules.published import PublishedTables
from services.screening.campaign_releases.rules.steps import (
    Steps,
    steps_by,
    steps_by_county,
    steps_in_all,
)
from services.screening.campaign_targets.rules import Target


class Pace(NamedTuple):
    """Where a target stands today.

    A field is None where the number is suppressed or the day is not known yet.
    """

    due_on: date | None
    reached: int | None
    expected: int | None
    is_reached: bool | None
    is_behind: bool | None
    is_overdue: bool | None


def expected_by(target: int, opened_on: date, due_on: date, today: date) -> int:
    """How many children should be done by today if the work were spread evenly
    over the days.

    That is 0 on the first day and `target` on the last.
    """
    days = (due_on - opened_on).days
    passed = min(max((today - opened_on).days, 0), days)
    # Rounded up: children are whole, and half a child short is behind.
    return target if days <= 0 else ceil(target * passed / days)


def _steps_of(target: Target, tables: PublishedTables) -> Steps | None:
    """The steps of a target's children; None when no table has its county or implementer."""
    if target.county_terc is not None:
        return steps_by_county(tables).get(target.county_terc)
    if target.implementer is None:
        return steps_in_all(tables)
    of_implementers = {
        category["implementer"]: steps
        for category, steps in steps_by(tables, "implementer")
    }
    return of_implementers.get(target.implementer)


def _reached(target: Target, tables: PublishedTables) -> int | None:
    """How many of a target's children have completed its stage.

    None where the number is suppressed.
    """
    steps = _steps_of(target, tables)
    if steps is None:
        # No table has this county or implementer: in live tables it has no screenings,
        # in released ones its number is not known.
        return 0 if tables.is_live else None
    return steps.complete if target.stage == 1 else steps.stage_two_complete


def pace_of(
    target: Target, campaign: CampaignPlan, tables: PublishedTables, today: date
) -> Pace:
    """Where a target of the campaign stands today.

    Stage two begins when stage one is due.
    """
    begins_on, due_on = campaign.opened_on, campaign.stage_one_due_on
    if target.stage == 2:
        begins_on, due_on = campaign.stage_one_due_on, campaign.stage_two_due_on
    expected = None
    if begins_on is not None and due_on is not None:
        expected = expected_by(target.subjects, begins_on, due_on, today)
    reached = _reached(target, tables)
    if reached is None:
        return Pace(due_on, None, expected, None, None, None)
    is_reached = reached >= target.subjects
    return Pace(
        due_on,
        reached,
        expected,
        is_reached,
        is_behind=None if expected is None else reached < expected,
        is_overdue=None if due_on is None else not is_reached and today > due_on,
    )
