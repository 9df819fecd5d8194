"""Every change of a session."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import civil_date
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.training.permissions import Permission
from services.training.problems import (
    ModuleMinutesExceeded,
    SessionBegun,
    SessionConflict,
    SessionNotOver,
)
from services.training.sessions import queries, rules
from services.training.sessions.models import Session, SessionTrainer
from services.training.sessions.queries import GroupFrame, Wanted
from services.training.sessions.rules import Meeting, SessionMode, SessionState
from services.training.sessions.schemas import (
    SessionCreate,
    SessionMove,
)

EDIT = Permission.EDIT_SESSIONS


class Plan(NamedTuple):
    """A session as it is to be."""

    meeting: Meeting
    trainer_ids: Sequence[UUID]
    frame: rules.Frame
    group: GroupFrame | None
    module_id: UUID | None
    session_id: UUID | None = None
    """The session that is moved; None of a new one."""


def record_change(change: Change, action: str, session: Session, event: str) -> None:
    """The audit record and the event of a session's newest version."""
    path = f"sessions/{session.id}"
    subject = Subject(path, session.version, session.county_terc)
    group = None if session.group_id is None else str(session.group_id)
    change.record(action, subject, f"session.{event}", told={"group_id": group})


async def plan_session(change: Change, new: SessionCreate) -> Stored:
    """Plan a session of a group, or a meeting of coordinators."""
    facts = new.model_dump(exclude_none=True, exclude={"trainer_ids"})
    given = {*facts} | ({"trainer_ids"} if new.trainer_ids else set())
    # By itself first: whoever sends half a session is told without a lock being taken.
    refuse(*rules.audience_errors(given, is_of_group=new.group_id is not None))
    # The county is the group's, so the reach is judged after the group was read.
    group = await _lock_group(change, new.group_id)
    county = new.county_terc if group is None else group.county_terc
    demand(change.caller, EDIT, county=county)
    if group is not None:
        facts |= {"county_terc": county, "programme_id": group.programme_id}
    frame = await _frame(change, group, facts["programme_id"])
    meeting = Meeting(**{name: getattr(new, name) for name in Meeting._fields})
    plan = Plan(meeting, new.trainer_ids, frame, group, new.module_id)
    await _require_possible(change, plan)
    statement = insert(Session).values(**facts).returning(*queries.SESSIONS.c)
    session = Session(**(await change.one(statement))._mapping)
    await _keep_trainers(change, session.id, new.trainer_ids)
    record_change(change, "plan_session", session, "planned")
    return await queries.get_session(change, session.id)


async def _lock_group(change: Change, group_id: UUID | None) -> GroupFrame | None:
    """The group of a session; StateConflict where it has none to come any more."""
    if group_id is None:
        return None
    group = await queries.find_group(change, group_id)
    if group is None:
        raise UnknownReference(FieldError("pointer", "/group_id", "not_found"))
    # Under the group's lock: it cannot be completed between this and the new session.
    if group.state not in rules.OPEN_GROUPS:
        raise StateConflict(state=group.state, allowed=[])
    return group


async def _frame(
    change: Change, group: GroupFrame | None, programme_id: UUID
) -> rules.Frame:
    """The days that a session lies within: of its group, else of its programme."""
    if group is not None:
        return group.days
    frame = await queries.find_days_of_programme(change, programme_id)
    if frame is None:
        raise UnknownReference(FieldError("pointer", "/programme_id", "not_found"))
    return frame


async def _require_possible(change: Change, plan: Plan) -> None:
    """What is wrong with a plan by itself, then with the module, and what it collides
    with.
    """
    meeting = plan.meeting
    days = (civil_date(meeting.starts_at), civil_date(meeting.ends_at))
    refuse(*rules.meeting_errors(meeting, days, plan.frame))
    # Minutes before people: a module that is full needs no look at anybody's dates.
    if plan.group is not None and plan.module_id is not None:
        await _require_minutes(change, plan, plan.group, plan.module_id)
    await _require_trainers(change, plan)
    await _require_room(change, plan)
    group_id = None if plan.group is None else plan.group.id
    wanted = Wanted(
        meeting.starts_at,
        meeting.ends_at,
        plan.trainer_ids,
        meeting.room_id,
        group_id,
        plan.session_id,
    )
    # People of a group may be of other counties, and are in two places there as well.
    async with acting_everywhere(change):
        if group_id is not None:
            await queries.lock_seated(change, group_id)
        conflicts = await queries.list_conflicts(change, wanted)
    if conflicts:
        # Ids alone: whoever may see the people finds their names by them.
        named = [
            {"kind": each.kind, "id": str(each.id), "session_id": str(each.session_id)}
            for each in conflicts
        ]
        raise SessionConflict(conflicts=named)


async def _require_minutes(
    change: Change, plan: Plan, group: GroupFrame, module_id: UUID
) -> None:
    module = await queries.find_module_minutes(
        change, group, module_id, plan.session_id
    )
    if module is None:
        raise UnknownReference(FieldError("pointer", "/module_id", "not_found"))
    # A version may have been shortened after sessions were planned.
    left = module.minutes - module.planned
    if plan.meeting.minutes > left:
        raise ModuleMinutesExceeded(minutes_left=max(left, 0))


async def _require_trainers(change: Change, plan: Plan) -> None:
    if len({*plan.trainer_ids}) < len(plan.trainer_ids):
        refuse(("trainer_ids", "repeated"))
    if plan.group is not None and not plan.trainer_ids:
        refuse(("trainer_ids", "missing"))
    group_id = None if plan.group is None else plan.group.id
    known = await queries.lock_trainers(change, plan.trainer_ids, group_id)
    unknown = [
        FieldError("pointer", f"/trainer_ids/{place}", "not_found")
        for place, each in enumerate(plan.trainer_ids)
        if each not in known
    ]
    if unknown:
        raise UnknownReference(*unknown)
    day = civil_date(plan.meeting.starts_at)
    wrong = []
    for place, trainer_id in enumerate(plan.trainer_ids):
        trainer = known[trainer_id]
        if plan.group is not None and not trainer.is_of_group:
            wrong.append((f"trainer_ids/{place}", "outside_group"))
        elif trainer.left_on is not None and trainer.left_on <= day:
            wrong.append((f"trainer_ids/{place}", "not_allowed"))
    refuse(*wrong)


async def _require_room(change: Change, plan: Plan) -> None:
    if plan.meeting.room_id is None:
        return
    seats = await queries.find_room_seats(change, plan.meeting.room_id)
    if seats is None:
        raise UnknownReference(FieldError("pointer", "/room_id", "not_found"))
    if plan.group is not None and seats < plan.group.capacity:
        refuse(("room_id", "too_few_seats"))


async def _keep_trainers(
    change: Change, session_id: UUID, trainer_ids: Sequence[UUID]
) -> None:
    of_session = col(SessionTrainer.session_id) == session_id
    # A move may replace all of them, and there are few: no comparison is worth it.
    await change.execute(delete(SessionTrainer).where(of_session))
    rows = [{"session_id": session_id, "trainer_id": each} for each in trainer_ids]
    if rows:
        await change.execute(insert(SessionTrainer).values(rows))


async def change_session(change: Change, session: Session, **values: Any) -> Session:
    """Give a session these values and its next version, and return it as it is then."""
    version, now = Session.version + 1, func.now()
    statement = update(Session).where(col(Session.id) == session.id)
    statement = statement.values(**values, version=version, changed_at=now)
    row = await change.one(statement.returning(*queries.SESSIONS.c))
    return Session(**row._mapping)


async def _lock_planned(
    change: Change, session_id: UUID, version: int, permission: Permission
) -> Session:
    session = await queries.lock_session(change, session_id, permission)
    require_version(session.version, version)
    if session.state != SessionState.PLANNED:
        raise StateConflict(state=session.state, allowed=[])
    return session


async def move_session(
    change: Change, session_id: UUID, to: SessionMove, version: int, now: datetime
) -> Stored:
    """Let a session that has not begun take place at another time; it is judged as a
    new one.
    """
    # Group first, then session: in the order in which planning locks them.
    group_id = await queries.find_group_of(change, session_id)
    group = await _lock_group(change, group_id)
    session = await _lock_planned(change, session_id, version, EDIT)
    # What has begun may have people on its list: it is cancelled, and planned anew.
    if session.starts_at <= now:
        raise SessionBegun()
    before = session.model_dump() | {"mode": SessionMode(session.mode)}
    facts = {name: before[name] for name in Meeting._fields}
    # A room may be given up; of nothing else does null say anything.
    facts |= {
        name: value
        for name, value in to.model_dump(exclude_unset=True).items()
        if name in facts and (value is not None or name == "room_id")
    }
    trainer_ids = to.trainer_ids
    if trainer_ids is None:
        trainer_ids = [*await queries.list_session_trainers(change, session_id)]
    frame = await _frame(change, group, session.programme_id)
    plan = Plan(
        Meeting(**facts), trainer_ids, frame, group, session.module_id, session_id
    )
    await _require_possible(change, plan)
    after = await change_session(change, session, **facts)
    await _keep_trainers(change, session_id, trainer_ids)
    record_change(change, "move_session", after, "moved")
    return await queries.get_session(change, session_id)


async def cancel_session(
    change: Change, session_id: UUID, reason: str, version: int
) -> Stored:
    """Let a planned session not take place."""
    session = await _lock_planned(change, session_id, version, EDIT)
    values = {"state": SessionState.CANCELLED, "reason": reason}
    after = await change_session(change, session, **values)
    record_change(change, "cancel_session", after, "cancelled")
    return await queries.get_session(change, session_id)


async def hold_session(
    change: Change, session_id: UUID, version: int, now: datetime
) -> Stored:
    """Record that a session has taken place, once it is over."""
    # Whoever trains says that it took place; only who organises plans.
    permission = Permission.RECORD_ATTENDANCE
    session = await _lock_planned(change, session_id, version, permission)
    if now < session.ends_at:
        raise SessionNotOver(ends_at=session.ends_at.isoformat())
    after = await change_session(change, session, state=SessionState.HELD)
    record_change(change, "hold_session", after, "held")
    return await queries.get_session(change, session_id)
