"""Every query of trainers and of their conflicts with a session."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from services.chassis.data.relating import Relation
from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.clock import civil_date
from services.chassis.trust.relations import RELATIONS
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.training.groups.models import Group
from services.training.problems import TrainerNotFound
from services.training.sessions.models import Session, SessionTrainer
from services.training.trainer_availabilities.models import TrainerAvailability
from services.training.trainers.models import Trainer
from services.training.trainers.rules import (
    Availability,
    Span,
    TrainerConflict,
    TrainerKind,
    has_left,
    is_available,
)
from services.training.trainers.schemas import TrainerList, TrainerRead

TRAINERS = rows_of(Trainer)
SESSIONS = rows_of(Session)
_SESSION_TRAINERS = rows_of(SessionTrainer)
_AVAILABILITIES = rows_of(TrainerAvailability)
_GROUPS = rows_of(Group)
_WIRE = {name: TRAINERS.c[name] for name in TrainerRead.model_fields}
STORED = stored_columns(_WIRE, TRAINERS.c.id, TRAINERS.c.version)
_SORTED = ("family_name", "given_name", "changed_at")
_LISTING = Listing(
    _WIRE,
    {
        "family_name": in_polish_order(TRAINERS.c.family_name),
        "given_name": in_polish_order(TRAINERS.c.given_name),
        "changed_at": TRAINERS.c.changed_at,
    },
    "family_name,given_name",
    TRAINERS.c.id,
)


def list_trainers(query: TrainerList) -> Listed:
    """The trainers and experts that a list shows."""
    trainers: Rows = select(TRAINERS)
    if query.kind:
        trainers = trainers.where(TRAINERS.c.kind.in_(query.kind))
    if query.competence:
        trainers = trainers.where(TRAINERS.c.competences.overlap(query.competence))
    if query.as_of:
        left_on = TRAINERS.c.left_on
        trainers = trainers.where(or_(left_on.is_(None), left_on >= query.as_of))
    return Listed(_LISTING, trainers)


def _is(trainer_id: UUID, kind: TrainerKind | None) -> ColumnElement[bool]:
    is_this = TRAINERS.c.id == trainer_id
    return is_this if kind is None else and_(is_this, TRAINERS.c.kind == kind)


async def get_trainer(
    reading: Reading, trainer_id: UUID, kind: TrainerKind | None = None
) -> Stored:
    """One trainer or expert; only of `kind` where it is set."""
    statement = select(*STORED).where(_is(trainer_id, kind))
    return await reading.stored(statement, TrainerNotFound)


async def get_trainer_facts(reading: Reading, trainer_id: UUID) -> Trainer:
    """One trainer or expert, not locked."""
    statement = select(TRAINERS).where(TRAINERS.c.id == trainer_id)
    return await reading.instance(Trainer, statement, TrainerNotFound)


async def lock_trainer(
    change: Change, trainer_id: UUID, kind: TrainerKind | None = None
) -> Trainer:
    """One trainer or expert, locked until the transaction ends."""
    statement = select(TRAINERS).where(_is(trainer_id, kind))
    # Without the key: rows that refer to the trainer may be added meanwhile.
    locking = statement.with_for_update(key_share=True)
    return await change.instance(Trainer, locking, TrainerNotFound)


async def lock_trainers(
    change: Change, trainer_ids: Collection[UUID]
) -> Sequence[Trainer]:
    """The given trainers that exist, locked in one order.

    Planning locks trainers first: otherwise two planners could both find them free.
    """
    statement = select(TRAINERS).where(TRAINERS.c.id.in_([*trainer_ids]))
    locking = statement.order_by(TRAINERS.c.id).with_for_update(key_share=True)
    return [Trainer(**row._mapping) for row in await change.rows(locking)]


async def list_relations(reading: Reading, holder: str) -> list[Relation]:
    """The groups that an account trains, by its relations to them."""
    # From the relations and not from the groups: `amend_trainer` changes their ends.
    statement = select(RELATIONS.c.object_id, RELATIONS.c.county_terc).where(
        RELATIONS.c.holder == holder, RELATIONS.c.kind == "trainer"
    )
    rows = await reading.rows(statement)
    return [Relation(holder, "trainer", row[0], row[1]) for row in rows]


class Busy(NamedTuple):
    """Why a trainer cannot come to a session, and the other session if any."""

    trainer_id: UUID
    reason: TrainerConflict
    session_id: UUID | None = None


def takes_place(span: Span, besides: UUID | None = None) -> ColumnElement[bool]:
    """The condition for sessions that overlap a span and are not cancelled.

    Sessions of cancelled groups and the session `besides` are left out.
    """
    columns = SESSIONS.c
    # A group may be cancelled although its sessions are not.
    cancelled = select(_GROUPS.c.id).where(_GROUPS.c.state == "cancelled")
    return and_(
        columns.starts_at < span.ends_at,
        columns.ends_at > span.starts_at,
        columns.state != "cancelled",
        # Meetings have no group, for which `not_in` gives NULL.
        func.coalesce(columns.group_id.not_in(cancelled), True),
        columns.id.is_distinct_from(besides),
    )


async def list_trainer_conflicts(
    reading: Reading,
    trainers: Collection[Trainer],
    span: Span,
    besides: UUID | None = None,
) -> list[Busy]:
    """Why trainers cannot come to a session in a span; empty where all of them can.

    `besides`: the session that is being moved, which is no conflict with itself.
    """
    ids = [trainer.id for trainer in trainers]
    # By the day of its end, to which a trainer has to stay.
    day = civil_date(span.ends_at)
    left_ids = [each.id for each in trainers if has_left(each.left_on, day)]
    unavailable_ids = await list_unavailable(reading, ids, span)
    return [
        *[Busy(each, TrainerConflict.LEFT) for each in left_ids],
        *[Busy(each, TrainerConflict.NOT_AVAILABLE) for each in unavailable_ids],
        *await _list_elsewhere(reading, ids, span, besides),
    ]


async def list_unavailable(
    reading: Reading, trainer_ids: Collection[UUID], span: Span
) -> list[UUID]:
    """The given trainers who are not free for a whole span, by their stated times."""
    # Also for trainers who stated no times, and so count as free.
    times_by_trainer: dict[UUID, list[Availability]] = {
        each: [] for each in trainer_ids
    }
    statement = select(_AVAILABILITIES).where(
        _AVAILABILITIES.c.trainer_id.in_([*trainer_ids])
    )
    for row in await reading.rows(statement):
        availability = Availability(Span(row.starts_at, row.ends_at), row.is_available)
        times_by_trainer[row.trainer_id].append(availability)
    return [
        each
        for each, times in times_by_trainer.items()
        if not is_available(times, span)
    ]


async def _list_elsewhere(
    reading: Reading, trainer_ids: list[UUID], span: Span, besides: UUID | None
) -> list[Busy]:
    joined = _SESSION_TRAINERS.join(
        SESSIONS, SESSIONS.c.id == _SESSION_TRAINERS.c.session_id
    )
    statement = (
        select(_SESSION_TRAINERS.c.trainer_id, SESSIONS.c.id)
        .select_from(joined)
        .where(
            _SESSION_TRAINERS.c.trainer_id.in_(trainer_ids), takes_place(span, besides)
        )
        .order_by(SESSIONS.c.starts_at, SESSIONS.c.id)
    )
    reason = TrainerConflict.TRAINS_ELSEWHERE
    rows = await reading.rows(statement)
    return [Busy(trainer_id, reason, session_id) for trainer_id, session_id in rows]
