"""Every question asked of the bodies and of their composition rules."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, bindparam, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.bodies.models import Body, CompositionGroup, CompositionRule
from services.registry.bodies.rules import SEAT_FIELDS, BodyKind, Group
from services.registry.bodies.schemas import BodyList, BodyRead
from services.registry.problems import BodyNotFound
from services.registry.processes.queries import process_of_run, state_of_run
from services.registry.territories.models import TerritorialUnit

BODIES: FromClause = rows_of(Body)
COMPOSITION_RULES: FromClause = rows_of(CompositionRule)
GROUPS: FromClause = rows_of(CompositionGroup)
_UNITS: FromClause = rows_of(TerritorialUnit)

# A body refers to its run and keeps no copy of the state, which would have
# to be updated.
_OF_RUN: Mapping[str, ColumnElement[Any]] = {
    "process": process_of_run(BODIES.c.run_id),
    "state": state_of_run(BODIES.c.run_id),
}
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _OF_RUN[name] if name in _OF_RUN else BODIES.c[name]
    for name in BodyRead.model_fields
}
_SORTABLE = {name: BODIES.c[name] for name in ("kind", "founded_on")} | {
    "name": in_polish_order(BODIES.c.name)
}
_LISTING = Listing(_WIRE, _SORTABLE, "name", BODIES.c.id)


def list_bodies(query: BodyList) -> Listed:
    """The bodies that a list or a file shows."""
    bodies: Rows = select(BODIES)
    if query.kind:
        bodies = bodies.where(BODIES.c.kind.in_(query.kind))
    if query.county_terc:
        bodies = bodies.where(BODIES.c.county_terc.in_(query.county_terc))
    if query.voivodeship_terc:
        bodies = bodies.where(BODIES.c.voivodeship_terc == query.voivodeship_terc)
    if query.pillar:
        bodies = bodies.where(BODIES.c.pillars.contains([query.pillar]))
    if query.active is not None:
        bodies = bodies.where(BODIES.c.dissolved_on.is_(None) == query.active)
    return Listed(_LISTING, bodies)


_ONE: Rows = select(*stored_columns(_WIRE, BODIES.c.id, BODIES.c.version)).where(
    BODIES.c.id == bindparam("key")
)


async def get_body(reading: Reading, body_id: UUID) -> Stored:
    """One body."""
    return await reading.stored(_ONE, BodyNotFound, {"key": body_id})


async def require_body(reading: Reading, body_id: UUID) -> None:
    """BodyNotFound unless there is such a body."""
    await reading.one(select(BODIES.c.id).where(BODIES.c.id == body_id), BodyNotFound)


async def lock_body(change: Change, body_id: UUID) -> Body:
    """A body, locked until the transaction ends."""
    statement = select(BODIES).where(BODIES.c.id == body_id).with_for_update()
    return await change.instance(Body, statement, BodyNotFound)


async def find_body_of_day(
    change: Change, kind: BodyKind, seat_terc: str, day: date
) -> Body | None:
    """The body of a kind that sat in a unit on a day; it is not dissolved
    until the transaction ends.
    """
    columns = BODIES.c
    of_unit = (columns.kind == kind) & (columns.seat_terc == seat_terc)
    was_there = func.coalesce(columns.dissolved_on > day, True)
    statement = select(BODIES).where(of_unit, columns.founded_on <= day, was_there)
    row = await change.find(statement.with_for_update(read=True))
    return None if row is None else Body(**row._mapping)


async def overlapping_body_exists(reading: Reading, body_id: UUID) -> bool:
    """Whether another body of the kind sat in the same unit on a day of this one."""
    this, others = BODIES.alias("this"), BODIES.c
    overlapping = select(others.id).where(
        this.c.id == body_id,
        others.id != this.c.id,
        others.kind == this.c.kind,
        others.seat_terc == this.c.seat_terc,
        func.coalesce(others.founded_on < this.c.dissolved_on, True),
        func.coalesce(others.dissolved_on > this.c.founded_on, True),
    )
    return await reading.find(overlapping.limit(1)) is not None


async def list_bodies_of_day(
    reading: Reading, kind: BodyKind, seat_terc: str, day: date
) -> list[str]:
    """The addresses of the bodies of a kind that sat in a unit on a day, the latest first."""
    columns = BODIES.c
    of_unit = (columns.kind == kind) & (columns.seat_terc == seat_terc)
    was_there = func.coalesce(columns.dissolved_on > day, True)
    statement = select(columns.id).where(of_unit, columns.founded_on <= day, was_there)
    latest_first = statement.order_by(columns.founded_on.desc())
    return [f"bodies/{key}" for key in await reading.scalars(latest_first)]


def unknown(field: str) -> UnknownReference:
    """The error for a field that refers to a row that does not exist."""
    return UnknownReference(FieldError("pointer", f"/{field}", "not_found"))


async def require_unit(
    reading: Reading, place: Mapping[str, str | None], day: date
) -> None:
    """UnknownReference unless the smallest unit of a place existed on that day."""
    # The smallest is enough: it lies in units that exist as long as it does.
    field = next(field for field in SEAT_FIELDS if place[field] is not None)
    # No body is founded in a unit that a reform has removed by then; older ones keep
    # their seat.
    not_removed = func.coalesce(_UNITS.c.removed_on > day, True)
    exists = (_UNITS.c.terc == place[field], not_removed)
    if await reading.scalar(select(_UNITS.c.terc).where(*exists)) is None:
        raise unknown(field)


async def require_composition_rule(
    reading: Reading, kind: BodyKind, code: str | None
) -> str:
    """The code of a composition rule for this kind of body: the usual rule where none is named.

    UnknownReference when no rule of that code is for this kind.
    """
    rules = COMPOSITION_RULES.c
    is_chosen = rules.is_default if code is None else rules.code == code
    statement = select(rules.code).where(rules.body_kind == kind, is_chosen)
    rule: str | None = await reading.scalar(statement)
    if rule is None:
        raise unknown("composition_rule")
    return rule


async def require_group(reading: Reading, rule: str, code: str) -> Group:
    """A group of a composition rule; UnknownReference when the rule has none of that code."""
    columns = [GROUPS.c[name] for name in Group._fields]
    statement = select(*columns).where(
        GROUPS.c.rule_code == rule, GROUPS.c.code == code
    )
    row = await reading.find(statement)
    if row is None:
        raise unknown("group")
    return Group(*row)
