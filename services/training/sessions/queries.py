"""Every query of sessions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.clock import civil_midnight
from services.chassis.trust.access import within
from services.chassis.web.filters import Filter, Filtered, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import SEATED
from services.training.groups.queries import GROUPS, REFERRED
from services.training.permissions import Permission
from services.training.problems import SessionNotFound
from services.training.programme_versions.models import ProgrammeModule
from services.training.programmes.models import Programme
from services.training.sessions import rules, statements
from services.training.sessions.models import (
    Session,
    SessionDeparture,
    SessionTrainer,
)
from services.training.sessions.schemas import SessionList, SessionRead
from services.training.trainees.models import Trainee
from services.training.trainers.models import Trainer
from services.training.trainers.queries import list_trainer_conflicts
from services.training.trainers.rules import Span

SESSIONS = rows_of(Session)
SESSION_TRAINERS = rows_of(SessionTrainer)
DEPARTURES = rows_of(SessionDeparture)
# Cancelled sessions stay in lists and calendars, and take no time or minutes.
TAKES_PLACE = SESSIONS.c.state != "cancelled"
# A make-up repeats a session that is counted already.
IS_ORIGINAL = SESSIONS.c.makes_up_for_id.is_(None)
_MODULES = rows_of(ProgrammeModule)
_PROGRAMMES = rows_of(Programme)
_TRAINEES = rows_of(Trainee)
# Sorted: the same trainers give the same bytes, and so the same ETag.
_TRAINER_IDS = (
    select(SESSION_TRAINERS.c.trainer_id)
    .where(SESSION_TRAINERS.c.session_id == SESSIONS.c.id)
    .order_by(SESSION_TRAINERS.c.trainer_id)
)
_WIRE: dict[str, ColumnElement[Any]] = {
    name: SESSIONS.c[name]
    if name in SESSIONS.c
    else func.array(_TRAINER_IDS.scalar_subquery())
    for name in SessionRead.model_fields
}
_NARROWING = (
    "programme_id",
    "group_id",
    "module_id",
    "makes_up_for_id",
    "county_terc",
    "audience_role",
    "room_id",
    "state",
)
_LIST = Filtered(
    Listing(
        _WIRE,
        {name: SESSIONS.c[name] for name in ("starts_at", "changed_at")}
        | {"title": in_polish_order(SESSIONS.c.title)},
        "starts_at",
        SESSIONS.c.id,
    ),
    SESSIONS,
    {
        **{name: Filter(SESSIONS.c[name]) for name in _NARROWING},
        "starts_from": Filter(SESSIONS.c.starts_at, "from"),
        "starts_to": Filter(SESSIONS.c.starts_at, "to"),
    },
    county=SESSIONS.c.county_terc,
)


EXPANSIONS = {"group": REFERRED}


def list_sessions(reading: Reading, query: SessionList) -> Listed:
    """The sessions that a list or a file shows."""
    values = {name: getattr(query, name) for name in _NARROWING}
    if query.starts_from is not None:
        values["starts_from"] = civil_midnight(query.starts_from)
    if query.starts_to is not None:
        # The whole last day: the filter's `to` includes the bound.
        end = civil_midnight(query.starts_to + timedelta(days=1))
        values["starts_to"] = end - timedelta.resolution
    listed = filtered(_LIST, values, reading.caller, Permission.READ_SESSIONS)
    listed = listed._replace(expansions=EXPANSIONS)
    if query.trainer_id is None:
        return listed
    # Not in `_LIST`: this filter needs another table and is rarely used.
    by_trainer = SESSIONS.c.id.in_(_of_trainer(query.trainer_id))
    return listed.where(by_trainer)


def _of_trainer(trainer_id: UUID) -> Rows:
    sessions: Rows = select(SESSION_TRAINERS.c.session_id)
    return sessions.where(SESSION_TRAINERS.c.trainer_id == trainer_id)


_ONE: Rows = select(*stored_columns(_WIRE, SESSIONS.c.id, SESSIONS.c.version)).where(
    SESSIONS.c.id == bindparam("key")
)


async def get_session(reading: Reading, session_id: UUID) -> Stored:
    """One session."""
    return await reading.stored(_ONE, SessionNotFound, {"key": session_id})


async def lock_session(
    change: Change, session_id: UUID, permission: Permission
) -> Session:
    """A session within the permission's reach, locked until the transaction ends."""
    statement = select(SESSIONS).where(
        SESSIONS.c.id == session_id,
        within(
            change.caller,
            permission,
            county=SESSIONS.c.county_terc,
            objects={"trainer": SESSIONS.c.group_id},
        ),
    )
    locking = statement.with_for_update(key_share=True)
    return await change.instance(Session, locking, SessionNotFound)


async def find_group_of(reading: Reading, session_id: UUID) -> UUID | None:
    """The group of a session, which never changes; SessionNotFound."""
    statement = select(SESSIONS.c.group_id).where(SESSIONS.c.id == session_id)
    group_id: UUID | None = (await reading.one(statement, SessionNotFound))[0]
    return group_id


class ModuleMinutes(NamedTuple):
    """The minutes of a module, and the minutes that a group's sessions take of it."""

    # `planned` counts held sessions as well.
    minutes: int
    planned: int


async def find_module_minutes(
    reading: Reading, group_id: UUID, module_id: UUID, besides: UUID | None
) -> ModuleMinutes | None:
    """The minutes of a module for a group, without the session `besides`.

    None where the version that the group follows has no such module.
    """
    planned = select(func.coalesce(func.sum(SESSIONS.c.minutes), 0)).where(
        SESSIONS.c.group_id == group_id,
        SESSIONS.c.module_id == module_id,
        SESSIONS.c.id.is_distinct_from(besides),
        TAKES_PLACE,
        IS_ORIGINAL,
    )
    statement = (
        select(_MODULES.c.minutes, planned.scalar_subquery())
        .join(GROUPS, GROUPS.c.programme_version_id == _MODULES.c.version_id)
        .where(_MODULES.c.id == module_id, GROUPS.c.id == group_id)
    )
    row = await reading.find(statement)
    return None if row is None else ModuleMinutes(*map(int, row))


async def find_original(reading: Reading, session_id: UUID) -> rules.Original | None:
    """The facts of a session that is to be made up for; None for an unknown one."""
    columns = SESSIONS.c
    statement = select(
        columns.group_id,
        columns.module_id,
        columns.ends_at,
        columns.minutes,
        columns.makes_up_for_id.is_not(None),
        columns.attendance_signed_at.is_not(None),
    )
    row = await reading.find(statement.where(columns.id == session_id))
    return None if row is None else rules.Original(*row)


async def list_session_trainers(reading: Reading, session_id: UUID) -> Sequence[UUID]:
    """The ids of a session's trainers, sorted."""
    statement = select(SESSION_TRAINERS.c.trainer_id)
    statement = statement.where(SESSION_TRAINERS.c.session_id == session_id)
    return await reading.scalars(statement.order_by(SESSION_TRAINERS.c.trainer_id))


async def find_days_of_programme(
    reading: Reading, programme_id: UUID
) -> rules.Frame | None:
    """The days of a programme; None where there is no such programme."""
    columns = (_PROGRAMMES.c.starts_on, _PROGRAMMES.c.ends_on)
    statement = select(*columns).where(_PROGRAMMES.c.id == programme_id)
    row = await reading.find(statement)
    return None if row is None else rules.Frame(*row)


def _seated(group_id: UUID) -> Rows:
    trainees: Rows = select(ENROLMENTS.c.trainee_id)
    return trainees.where(
        ENROLMENTS.c.group_id == group_id, ENROLMENTS.c.state.in_(SEATED)
    )


async def lock_seated(change: Change, group_id: UUID) -> None:
    """Lock the people of a group, so that nobody plans for them meanwhile."""
    statement = select(_TRAINEES.c.id).where(_TRAINEES.c.id.in_(_seated(group_id)))
    # Otherwise two groups that share a person would both find the person free.
    locking = statement.order_by(_TRAINEES.c.id).with_for_update(key_share=True)
    await change.rows(locking)


class Conflict(NamedTuple):
    """A person, room or group that is not free, why, and the other session if any.

    Ids are texts, for the JSON of the refusal.
    """

    kind: str
    id: str
    reason: str
    session_id: str | None


class SessionSlot(NamedTuple):
    """The time of a session, and what it needs in addition to its trainers."""

    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None
    group_id: UUID | None
    besides: UUID | None
    """The id of the session itself, if it is moved."""


async def list_conflicts(
    change: Change, trainers: Sequence[Trainer], slot: SessionSlot
) -> list[Conflict]:
    """The conflicts of a session: with its trainers, then room, group and people."""
    span = Span(slot.starts_at, slot.ends_at)
    busy = await list_trainer_conflicts(change, trainers, span, slot.besides)
    rows = [("trainer", *each) for each in busy]
    values = slot._asdict() | {"seated": [*SEATED]}
    # One statement, so that all conflicts are of the same instant.
    rows += [tuple(row) for row in await change.rows(statements.CONFLICTS, values)]
    return [
        Conflict(kind, str(id_), reason, None if other is None else str(other))
        for kind, id_, reason, other in rows
    ]
