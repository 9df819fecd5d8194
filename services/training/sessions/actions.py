"""Every change of a session."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored
from services.chassis.ground.clock import civil_date
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.training.groups.queries import (
    GroupFacts,
    list_trainer_ids,
    lock_group,
)
from services.training.permissions import Permission
from services.training.problems import (
    GroupNotFound,
    MakeUpNotPossible,
    ModuleMinutesExceeded,
    RoomNotFound,
    SessionConflict,
)
from services.training.rooms.queries import get_room_facts
from services.training.sessions import queries, rules
from services.training.sessions.models import Session, SessionTrainer
from services.training.sessions.queries import SessionSlot
from services.training.sessions.rules import Meeting
from services.training.sessions.schemas import SessionCreate
from services.training.trainers.models import Trainer
from services.training.trainers.queries import lock_trainers

EDIT = Permission.EDIT_SESSIONS


class Plan(NamedTuple):
    """A planned or moved session, before it is stored."""

    meeting: Meeting
    trainer_ids: Sequence[UUID]
    frame: rules.Frame
    group: GroupFacts | None
    module_id: UUID | None
    makes_up_for_id: UUID | None = None
    session_id: UUID | None = None
    """The session that is moved; None for a new one."""


def record_change(change: Change, action: str, session: Session, event: str) -> None:
    """Write the audit record and the event of a session's newest version."""
    path = f"sessions/{session.id}"
    subject = Subject(path, session.version, session.county_terc)
    group = None if session.group_id is None else str(session.group_id)
    change.record(action, subject, f"session.{event}", event_data={"group_id": group})


async def plan_session(change: Change, new: SessionCreate) -> Stored:
    """Plan a session of a group, or a meeting of coordinators."""
    # Trainers are stored in a separate table.
    facts = new.model_dump(exclude_none=True, exclude={"trainer_ids"})
    field_names = {*facts} | ({"trainer_ids"} if new.trainer_ids else set())
    # Checked first, since it needs no lock.
    refuse(*rules.audience_errors(field_names, is_of_group=new.group_id is not None))
    # The reach is checked after the group is read, whose county counts.
    group = await lock_group_of(change, new.group_id)
    county = new.county_terc if group is None else group.county_terc
    demand(change.caller, EDIT, county=county)
    if group is not None:
        facts |= {"county_terc": county, "programme_id": group.programme_id}
    frame = await frame_of(change, group, facts["programme_id"])
    meeting = Meeting(**{name: getattr(new, name) for name in Meeting._fields})
    made_up = new.makes_up_for_id
    plan = Plan(meeting, new.trainer_ids, frame, group, new.module_id, made_up)
    await require_possible(change, plan)
    statement = insert(Session).values(**facts).returning(*queries.SESSIONS.c)
    session = Session(**(await change.one(statement))._mapping)
    await keep_trainers(change, session.id, new.trainer_ids)
    record_change(change, "plan_session", session, "planned")
    return await queries.get_session(change, session.id)


async def lock_group_of(change: Change, group_id: UUID | None) -> GroupFacts | None:
    """The group of a session, locked; StateConflict where it takes no more sessions."""
    if group_id is None:
        return None
    try:
        group = await lock_group(change, group_id)
    except GroupNotFound:
        # 422 and not 404: the group is in the body, not in the address.
        raise _unknown("group_id") from None
    # Under the lock: the group cannot be completed before the session is stored.
    if group.state not in rules.OPEN_GROUPS:
        raise StateConflict(state=group.state, allowed=[])
    return group


async def frame_of(
    change: Change, group: GroupFacts | None, programme_id: UUID
) -> rules.Frame:
    """The days within which a session lies: those of its group or programme."""
    if group is not None:
        return rules.Frame(group.starts_on, group.ends_on)
    frame = await queries.find_days_of_programme(change, programme_id)
    if frame is None:
        raise _unknown("programme_id")
    return frame


async def require_possible(change: Change, plan: Plan) -> None:
    """Check a plan: its own fields, its module, its trainers and room, then conflicts.

    Raises ValidationFailed, UnknownReference, ModuleMinutesExceeded,
    MakeUpNotPossible or SessionConflict.
    """
    meeting, group = plan.meeting, plan.group
    days = (civil_date(meeting.starts_at), civil_date(meeting.ends_at))
    refuse(*rules.meeting_errors(meeting, days, plan.frame))
    # Minutes before people: a full module refuses without reading people's dates.
    if group is not None and plan.makes_up_for_id is not None:
        await _require_original(change, plan, group.id, plan.makes_up_for_id)
    elif group is not None and plan.module_id is not None:
        await _require_minutes(change, plan, group.id, plan.module_id)
    trainers = await _lock_trainers(change, plan)
    if meeting.room_id is not None:
        await _lock_room(change, meeting.room_id, group)
    # Everywhere: people of a group may have sessions in other counties.
    async with acting_everywhere(change):
        if group is not None:
            await queries.lock_seated(change, group.id)
        conflicts = await queries.list_conflicts(change, trainers, _slot_of(plan))
    if conflicts:
        # Ids alone: names need the right to read the people.
        raise SessionConflict(conflicts=[each._asdict() for each in conflicts])


def _slot_of(plan: Plan) -> SessionSlot:
    meeting, group = plan.meeting, plan.group
    return SessionSlot(
        meeting.starts_at,
        meeting.ends_at,
        meeting.room_id,
        None if group is None else group.id,
        plan.session_id,
    )


async def _require_minutes(
    change: Change, plan: Plan, group_id: UUID, module_id: UUID
) -> None:
    besides = plan.session_id
    module = await queries.find_module_minutes(change, group_id, module_id, besides)
    if module is None:
        raise _unknown("module_id")
    # May be negative, if the version was shortened after sessions were planned.
    minutes_left = module.minutes - module.planned
    if plan.meeting.minutes > minutes_left:
        raise ModuleMinutesExceeded(minutes_left=max(minutes_left, 0))


async def _require_original(
    change: Change, plan: Plan, group_id: UUID, original_id: UUID
) -> None:
    """MakeUpNotPossible with everything that a plan lacks to make up for a session."""
    # Not locked: a signature is final, and held sessions are never moved.
    original = await queries.find_original(change, original_id)
    if original is None:
        raise _unknown("makes_up_for_id")
    needs = rules.missing_to_make_up(plan.meeting, group_id, plan.module_id, original)
    if needs:
        raise MakeUpNotPossible(missing=needs)


async def _lock_trainers(change: Change, plan: Plan) -> Sequence[Trainer]:
    """The trainers of a plan, locked: existing, of its group, each once."""
    ids, group = plan.trainer_ids, plan.group
    if len({*ids}) < len(ids):
        refuse(("trainer_ids", "repeated"))
    if group is not None and not ids:
        refuse(("trainer_ids", "missing"))
    trainers = await lock_trainers(change, ids)
    known_ids = {each.id for each in trainers}
    places = [place for place, each in enumerate(ids) if each not in known_ids]
    if places:
        raise _unknown(*[f"trainer_ids/{place}" for place in places])
    if group is not None:
        own = await list_trainer_ids(change, group.id)
        # Trainers need the relation to the group to record attendance.
        foreign = [place for place, each in enumerate(ids) if each not in own]
        refuse(*[(f"trainer_ids/{place}", "outside_group") for place in foreign])
    return trainers


async def _lock_room(change: Change, room_id: UUID, group: GroupFacts | None) -> None:
    """Lock the room of a plan, and check that it has a seat for everybody."""
    try:
        room = await get_room_facts(change, room_id)
    except RoomNotFound:
        raise _unknown("room_id") from None
    # By capacity, not by present enrolments: seats may still be filled.
    if group is not None and room.seats < group.capacity:
        refuse(("room_id", "too_few_seats"))


def _unknown(*names: str) -> UnknownReference:
    errors = [FieldError("pointer", f"/{name}", "not_found") for name in names]
    return UnknownReference(*errors)


async def keep_trainers(
    change: Change, session_id: UUID, trainer_ids: Sequence[UUID]
) -> None:
    of_session = col(SessionTrainer.session_id) == session_id
    # Deleted and inserted again: there are few rows.
    await change.execute(delete(SessionTrainer).where(of_session))
    rows = [{"session_id": session_id, "trainer_id": each} for each in trainer_ids]
    if rows:
        await change.execute(insert(SessionTrainer).values(rows))


async def change_session(change: Change, session: Session, **values: Any) -> Session:
    """Give a session these values and its next version, and return the changed row."""
    version, now = Session.version + 1, func.now()
    statement = update(Session).where(col(Session.id) == session.id)
    statement = statement.values(**values, version=version, changed_at=now)
    row = await change.one(statement.returning(*queries.SESSIONS.c))
    return Session(**row._mapping)
