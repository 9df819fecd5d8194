"""Every change of a focus group."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.training.focus_groups import queries, rules
from services.training.focus_groups.models import FocusGroup
from services.training.focus_groups.rules import FOCUS_GROUP_ALLOWED, FocusGroupState
from services.training.focus_groups.schemas import (
    FocusGroupHold,
    FocusGroupPlan,
    FocusGroupReport,
)
from services.training.permissions import Permission
from services.training.problems import FirstStageMissing

_EDIT = Permission.EDIT_FOCUS_GROUPS
_SECOND = 2


def _record(
    change: Change, action: str, group: Stored, county: str, event: str
) -> None:
    subject = Subject(f"focus-groups/{group.key}", group.version, county)
    change.record(action, subject, f"focus-group.{event}")


async def plan_focus_group(change: Change, new: FocusGroupPlan) -> Stored:
    """Plan a focus group in one of the caller's counties.

    FirstStageMissing for a second stage before the first is reported in the county: it
    builds on the findings of the first.
    """
    county = new.county_terc
    demand(change.caller, _EDIT, county=county)
    if not await queries.programme_exists(change, new.programme_id):
        raise UnknownReference(FieldError("pointer", "/programme_id", "not_found"))
    if new.stage == _SECOND and not await queries.first_stage_is_reported(
        change, new.programme_id, county
    ):
        raise FirstStageMissing(county_terc=county)
    values = new.model_dump() | {"participants": []}
    statement = insert(FocusGroup).values(**values)
    columns = queries.stored_for(change.caller)
    group = await change.stored(statement.returning(*columns))
    _record(change, "plan_focus_group", group, county, "planned")
    return group


async def _lock(
    change: Change, focus_group_id: UUID, verb: str, version: int
) -> FocusGroup:
    group = await queries.lock_focus_group(change, focus_group_id)
    # Focus groups are public: the right to change one depends on the row's county.
    demand(change.caller, _EDIT, county=group.county_terc)
    require_version(group.version, version)
    allowed = FOCUS_GROUP_ALLOWED[FocusGroupState(group.state)]
    if verb not in allowed:
        raise StateConflict(state=group.state, allowed=allowed)
    return group


async def _change(
    change: Change, group: FocusGroup, verb: str, event: str, **values: Any
) -> Stored:
    stamp = {"version": FocusGroup.version + 1, "changed_at": func.now()}
    statement = update(FocusGroup).where(col(FocusGroup.id) == group.id)
    statement = statement.values(**values, **stamp)
    columns = queries.stored_for(change.caller)
    after = await change.stored(statement.returning(*columns))
    _record(change, f"{verb}_focus_group", after, group.county_terc, event)
    return after


async def reschedule_focus_group(
    change: Change, focus_group_id: UUID, planned_on: date, version: int
) -> Stored:
    """Plan a focus group for another day."""
    group = await _lock(change, focus_group_id, "reschedule", version)
    # Without a change there is no new version, and ETags stay valid.
    if planned_on == group.planned_on:
        return await queries.get_focus_group(change, focus_group_id)
    return await _change(
        change, group, "reschedule", "rescheduled", planned_on=planned_on
    )


async def hold_focus_group(
    change: Change,
    focus_group_id: UUID,
    facts: FocusGroupHold,
    version: int,
    today: date,
) -> Stored:
    """Mark a focus group as held, with the number of people by role."""
    group = await _lock(change, focus_group_id, "hold", version)
    participants = facts.model_dump()["participants"]
    day_errors = [("held_on", "in_future")] if facts.held_on > today else []
    refuse(*day_errors, *rules.wrong_participants(participants))
    values = {
        "state": FocusGroupState.HELD,
        "held_on": facts.held_on,
        "participants": participants,
        "is_told": rules.may_show_participants(participants),
    }
    return await _change(change, group, "hold", "held", **values)


async def report_focus_group(
    change: Change, focus_group_id: UUID, report: FocusGroupReport, version: int
) -> Stored:
    """Publish the findings of a focus group, which can then no longer be changed."""
    group = await _lock(change, focus_group_id, "report", version)
    values = report.model_dump() | {"state": FocusGroupState.REPORTED}
    return await _change(change, group, "report", "reported", **values)


async def cancel_focus_group(
    change: Change, focus_group_id: UUID, reason: str, version: int
) -> Stored:
    """Cancel a focus group."""
    group = await _lock(change, focus_group_id, "cancel", version)
    values = {"state": FocusGroupState.CANCELLED, "cancel_reason": reason}
    return await _change(change, group, "cancel", "cancelled", **values)
