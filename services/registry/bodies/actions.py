"""Every change of a body, its members, meetings and communiqués."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.answers import Answer, created, etag, tagged
from services.chassis.callers import Caller
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.problems import (
    FieldError,
    StateConflict,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.wire import json_object
from services.chassis.work import Change, Record
from services.registry.bodies import queries, rules
from services.registry.bodies.models import (
    Body,
    BodyCommunique,
    BodyMeeting,
    BodyMember,
)
from services.registry.bodies.schemas import (
    BodyCreate,
    BodyDissolve,
    CommuniqueCreate,
    MeetingCancel,
    MeetingHold,
    MeetingPlan,
    MemberCreate,
    MemberEnd,
)
from services.registry.permissions import Permission
from services.registry.problems import (
    BodyDissolved,
    ConditionsNotMet,
    InstitutionClosed,
)
from services.registry.processes.actions import record_step, start_run, take_back_step
from services.registry.processes.rules import StepOutcome
from services.registry.processes.schemas import StepRecord, StepTakeBack

_Part = BodyMember | BodyMeeting | BodyCommunique
Wire = Mapping[str, ColumnElement[Any]]


def _note(
    change: Change,
    caller: Caller,
    action: str,
    event: str,
    row: Record,
    detail: dict[str, Any],
) -> None:
    """The audit record and the event of a change; both hold names, codes and ids, neither holds content."""
    subject = f"bodies/{row.id}"
    audit.record(change, caller, action, subject, county=row.county_terc, detail=detail)
    data = {"href": f"/v1/registry/{subject}", **detail}
    events.emit(
        change,
        f"registry.body.{event}",
        subject,
        row.version,
        county=row.county_terc,
        data=data,
    )


def _refuse(*wrong: tuple[str, str]) -> None:
    if wrong:
        raise ValidationFailed(
            *[FieldError("pointer", f"/{name}", code) for name, code in wrong]
        )


def _require_order(
    name: str, day: date, *, since: date, today: date | None = None
) -> None:
    """A day of something that happened comes not before what it follows, and not after today."""
    if day < since:
        _refuse((name, "wrong_order"))
    if today is not None and day > today:
        _refuse((name, "in_future"))


async def _locked_for(
    change: Change,
    caller: Caller,
    body_id: UUID,
    permission: Permission = Permission.EDIT_BODIES,
) -> Record:
    """The body to change: within reach (one without a county is only within a reach of everywhere), not dissolved."""
    row = await queries.lock_body(change, body_id)
    demand(caller, permission, county=row.county_terc)
    if row.dissolved_on is not None:
        raise BodyDissolved(state="dissolved", allowed=[])
    return row


async def _changed(change: Change, body_id: UUID, **values: Any) -> Record:
    """The body with these values and its next version."""
    changed = update(Body).where(col(Body.id) == body_id)
    stamped = changed.values(**values, version=Body.version + 1, changed_at=func.now())
    return await change.one(stamped.returning(*queries.BODIES.c))


async def _insert(
    change: Change, model: type[_Part], wire: Wire, values: dict[str, Any]
) -> Record:
    """A new row of what a body has: its JSON, id and version."""
    returning = (json_object(wire), col(model.id), col(model.version))
    return await change.one(insert(model).values(**values).returning(*returning))


async def _amend(
    change: Change, model: type[_Part], wire: Wire, key: UUID, values: dict[str, Any]
) -> Answer:
    """The row with these values and its next version."""
    stamped = {**values, "version": model.version + 1, "changed_at": func.now()}
    statement = update(model).where(col(model.id) == key).values(**stamped)
    row = await change.one(statement.returning(json_object(wire), col(model.version)))
    return tagged(row[0], etag(key, row.version))


async def found_body(
    change: Change, caller: Caller, new: BodyCreate, today: date
) -> Answer:
    """Found a body and begin its formation. Of a kind, one is open in a commune, county or voivodeship."""
    given = new.model_dump(include={"commune_terc", "county_terc", "voivodeship_terc"})
    _refuse(*rules.seat_errors(new.kind, given))
    seat = rules.with_units_above(given)
    await queries.require_units(change, seat)
    demand(caller, Permission.EDIT_BODIES, county=seat["county_terc"])
    _require_order("founded_on", new.founded_on, since=new.founded_on, today=today)
    rule = await queries.find_composition_rule(change, new.kind, new.composition_rule)
    facts = {
        "kind": new.kind,
        "name": new.name,
        "founded_on": new.founded_on,
        "composition_rule": rule,
        **seat,
    }
    row = await change.one(insert(Body).values(**facts).returning(*queries.BODIES.c))
    process = rules.PROCESS_OF.get(new.kind)
    if process is not None:
        run_id = await start_run(change, process, row.county_terc, f"bodies/{row.id}")
        await change.execute(
            update(Body).where(col(Body.id) == row.id).values(run_id=run_id)
        )
    _note(change, caller, "found_body", "founded", row, {"kind": row.kind})
    answer = await queries.get_body(change, None, row.id)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/registry/bodies/{row.id}"
    return answer


async def dissolve_body(
    change: Change,
    caller: Caller,
    body_id: UUID,
    end: BodyDissolve,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Dissolve a body. Its members leave, and so do those it delegated; what was planned is called off."""
    row = await _locked_for(change, caller, body_id)
    if expected_version(if_match, body_id) != row.version:
        raise VersionMismatch()
    _require_order("dissolved_on", end.dissolved_on, since=row.founded_on, today=today)
    after = await _changed(
        change, body_id, dissolved_on=end.dissolved_on, dissolving_reason=end.reason
    )
    ended = await _end_seats(change, body_id, end)
    await _cancel_meetings(change, body_id, end)
    _note(change, caller, "dissolve_body", "dissolved", after, {"ended_members": ended})
    return await queries.get_body(change, None, body_id)


async def _end_seats(change: Change, body_id: UUID, end: BodyDissolve) -> list[str]:
    """End every seat in a body, and every seat elsewhere that it delegated somebody to; where they are."""
    theirs = (col(BodyMember.body_id) == body_id) | (
        col(BodyMember.delegating_body_id) == body_id
    )
    still = func.coalesce(col(BodyMember.held_to) > end.dissolved_on, True)
    held_to = func.greatest(col(BodyMember.held_from), end.dissolved_on)
    values = {
        "held_to": held_to,
        "ending_reason": end.reason,
        "version": BodyMember.version + 1,
    }
    statement = (
        update(BodyMember).where(theirs, still).values(**values, changed_at=func.now())
    )
    seats = await change.rows(
        statement.returning(col(BodyMember.body_id), col(BodyMember.id))
    )
    return sorted(
        f"/v1/registry/bodies/{body}/members/{member}" for body, member in seats
    )


async def _cancel_meetings(change: Change, body_id: UUID, end: BodyDissolve) -> None:
    planned = (
        col(BodyMeeting.held_on).is_(None),
        col(BodyMeeting.cancelling_reason).is_(None),
    )
    values = {
        "cancelling_reason": end.reason,
        "version": BodyMeeting.version + 1,
        "changed_at": func.now(),
    }
    theirs = update(BodyMeeting).where(col(BodyMeeting.body_id) == body_id, *planned)
    await change.execute(theirs.values(**values))


async def _check_origin(change: Change, body: Record, new: MemberCreate) -> None:
    """What a member stands for must fit the group, and exist today."""
    group = await queries.find_group(change, body.composition_rule, new.group)
    _refuse(*rules.member_errors(group, new.institution_id, new.delegating_body_id))
    if new.institution_id is not None:
        institution = await queries.lock_represented(change, new.institution_id)
        if institution.closed_on is not None:
            raise InstitutionClosed(state="closed", allowed=[])
    if new.delegating_body_id is not None:
        delegating = await queries.lock_delegating_body(change, new.delegating_body_id)
        wrong = rules.delegation_error(group, body._asdict(), delegating._asdict())
        _refuse(*[("delegating_body_id", wrong)] if wrong else [])


async def add_member(
    change: Change, caller: Caller, body_id: UUID, new: MemberCreate
) -> Answer:
    """Give somebody a seat. A group may become fuller than its rule says: the composition then tells the surplus."""
    row = await _locked_for(change, caller, body_id)
    _require_order("held_from", new.held_from, since=row.founded_on)
    await _check_origin(change, row, new)
    values = new.model_dump(exclude={"group"}) | {
        "body_id": body_id,
        "group_code": new.group,
    }
    added = await _insert(change, BodyMember, queries.MEMBER_WIRE, values)
    _note(
        change,
        caller,
        "add_member",
        "member-added",
        row,
        {"member_id": str(added.id), "group": new.group},
    )
    return created(
        added[0],
        etag(added.id, added.version),
        f"/v1/registry/bodies/{body_id}/members/{added.id}",
    )


async def end_member(
    change: Change,
    caller: Caller,
    body_id: UUID,
    member_id: UUID,
    end: MemberEnd,
    if_match: IfMatch,
) -> Answer:
    """End somebody's seat; it stays in the history."""
    row = await _locked_for(change, caller, body_id)
    held = await queries.lock_member(change, body_id, member_id)
    if expected_version(if_match, member_id) != held.version:
        raise VersionMismatch()
    if held.held_to is not None:
        raise StateConflict(state="ended", allowed=[])
    _require_order("held_to", end.held_to, since=held.held_from)
    _note(
        change,
        caller,
        "end_member",
        "member-ended",
        row,
        {"member_id": str(member_id), "group": held.group_code},
    )
    values = {"held_to": end.held_to, "ending_reason": end.reason}
    return await _amend(change, BodyMember, queries.MEMBER_WIRE, member_id, values)


async def _require_conditions(change: Change, body: Record, step: StepRecord) -> None:
    """ConditionsNotMet, naming what is missing, unless the body has what this step needs."""
    wanted = rules.CONDITIONS.get(step.step, ())
    missing = [
        one
        for one in wanted
        if not await queries.condition_is_met(change, body, one, step.done_on)
    ]
    if missing:
        composition = await queries.get_composition(change, body.id, step.done_on)
        short = [
            group.model_dump(include={"group", "missing", "surplus"})
            for group in composition.groups
        ]
        unfit = [group for group in short if group["missing"] or group["surplus"]]
        raise ConditionsNotMet(
            missing=missing,
            groups=unfit if rules.Condition.VALID_COMPOSITION in missing else [],
        )


async def record_body_step(
    change: Change,
    caller: Caller,
    body_id: UUID,
    step: StepRecord,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Record the next step of a body's formation."""
    row = await _locked_for(change, caller, body_id, Permission.RECORD_BODY_STEPS)
    await record_step(change, caller, row.run_id, step, if_match, today)
    if step.outcome is StepOutcome.DONE:
        await _require_conditions(change, row, step)
    after = await _changed(change, body_id)
    detail = {"step": step.step, "outcome": step.outcome}
    _note(change, caller, "record_body_step", "step-recorded", after, detail)
    return await queries.get_body_steps(change, None, body_id)


async def take_back_body_step(
    change: Change, caller: Caller, body_id: UUID, back: StepTakeBack, if_match: IfMatch
) -> Answer:
    """Take back the last recorded step of a body's formation; it stays in the history."""
    row = await _locked_for(change, caller, body_id, Permission.RECORD_BODY_STEPS)
    await take_back_step(change, caller, row.run_id, back, if_match)
    after = await _changed(change, body_id)
    _note(
        change,
        caller,
        "take_back_body_step",
        "step-taken-back",
        after,
        {"step": back.step},
    )
    return await queries.get_body_steps(change, None, body_id)


async def plan_meetings(
    change: Change, caller: Caller, body_id: UUID, plan: MeetingPlan, today: date
) -> Answer:
    """Plan a meeting, or a series of them."""
    row = await _locked_for(change, caller, body_id)
    if (plan.every_months is None) != (plan.times is None):
        _refuse(
            (
                "every_months" if plan.every_months is None else "times",
                "both_or_neither",
            )
        )
    _require_order("first_on", plan.first_on, since=row.founded_on)
    days = rules.meeting_dates(plan.first_on, plan.every_months, plan.times)
    values = [
        {"body_id": body_id, "planned_on": day, "topic": plan.topic, "kind": plan.kind}
        for day in days
    ]
    statement = (
        insert(BodyMeeting)
        .values(values)
        .returning(json_object(queries.meeting_wire(today)))
    )
    planned = await change.scalars(statement)
    _note(
        change,
        caller,
        "plan_meetings",
        "meetings-planned",
        row,
        {"meetings": len(days)},
    )
    location = {"location": f"/v1/registry/bodies/{body_id}/meetings"}
    return Answer(f'{{"items":[{",".join(planned)}]}}', 201, location)


async def _planned_meeting(
    change: Change, caller: Caller, body_id: UUID, meeting_id: UUID, if_match: IfMatch
) -> Record:
    """The body of a meeting of which it is still to be said what became of it."""
    row = await _locked_for(change, caller, body_id)
    meeting = await queries.lock_meeting(change, body_id, meeting_id)
    if expected_version(if_match, meeting_id) != meeting.version:
        raise VersionMismatch()
    if meeting.state != rules.MeetingState.PLANNED:
        raise StateConflict(state=meeting.state, allowed=[])
    return row


async def hold_meeting(
    change: Change,
    caller: Caller,
    body_id: UUID,
    meeting_id: UUID,
    held: MeetingHold,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Say that a planned meeting took place."""
    row = await _planned_meeting(change, caller, body_id, meeting_id, if_match)
    _require_order("held_on", held.held_on, since=row.founded_on, today=today)
    _note(
        change,
        caller,
        "hold_meeting",
        "meeting-held",
        row,
        {"meeting_id": str(meeting_id)},
    )
    return await _amend(
        change, BodyMeeting, queries.SETTLED_WIRE, meeting_id, held.model_dump()
    )


async def cancel_meeting(
    change: Change,
    caller: Caller,
    body_id: UUID,
    meeting_id: UUID,
    cancel: MeetingCancel,
    if_match: IfMatch,
) -> Answer:
    """Call a planned meeting off."""
    row = await _planned_meeting(change, caller, body_id, meeting_id, if_match)
    _note(
        change,
        caller,
        "cancel_meeting",
        "meeting-cancelled",
        row,
        {"meeting_id": str(meeting_id)},
    )
    values = {"cancelling_reason": cancel.reason}
    return await _amend(change, BodyMeeting, queries.SETTLED_WIRE, meeting_id, values)


async def issue_communique(
    change: Change, caller: Caller, body_id: UUID, new: CommuniqueCreate, today: date
) -> Answer:
    """Tell boards and councils something; a communiqué does not change any more."""
    row = await _locked_for(change, caller, body_id)
    _require_order("issued_on", new.issued_on, since=row.founded_on, today=today)
    values = new.model_dump() | {"body_id": body_id, "issued_by": caller.subject}
    values["recipients"] = sorted(set(new.recipients))
    issued = await _insert(change, BodyCommunique, queries.COMMUNIQUE_WIRE, values)
    detail = {"communique_id": str(issued.id), "recipients": values["recipients"]}
    _note(change, caller, "issue_communique", "communique-issued", row, detail)
    return created(
        issued[0],
        etag(issued.id, issued.version),
        f"/v1/registry/bodies/{body_id}/communiques/{issued.id}",
    )
