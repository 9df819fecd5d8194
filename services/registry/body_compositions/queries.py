"""How a body is composed, asked of its rule and its members."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from services.chassis.data.work import Reading, Rows
from services.registry.bodies.queries import BODIES, COMPOSITION_RULES, GROUPS
from services.registry.bodies.rules import Group
from services.registry.body_compositions.rules import (
    GroupCount,
    Seat,
    count_groups,
    is_valid,
)
from services.registry.body_compositions.schemas import (
    CompositionList,
    CompositionRead,
    CompositionRuleRead,
    GroupRead,
)
from services.registry.body_members.queries import MEMBERS, sits_on
from services.registry.problems import BodyNotFound
from services.registry.processes.queries import label_of, list_of, object_of
from services.registry.processes.schemas import Label

_RULE = object_of(
    {
        "code": COMPOSITION_RULES.c.code,
        "label": label_of(COMPOSITION_RULES),
        "source": COMPOSITION_RULES.c.source,
    }
)
_GROUP = {name: GROUPS.c[name] for name in Group._fields} | {"label": label_of(GROUPS)}
_SEAT = {"group": MEMBERS.c.group_code, "institution": MEMBERS.c.institution_id}


class _Row(NamedTuple):
    """A rule, its groups in their order, and who sits in the body: JSON objects."""

    body_id: UUID
    rule: Mapping[str, Any]
    groups: Sequence[Mapping[str, Any]]
    seats: Sequence[Mapping[str, Any]]


async def get_composition(
    reading: Reading, body_id: UUID, day: date
) -> CompositionRead:
    """Who sits in a body on a day, against its rule."""
    row = await reading.one(
        _composition_rows(day).where(BODIES.c.id == body_id), BodyNotFound
    )
    # Counted in Python: the same rule decides whether a step may be recorded.
    return _composition(row, day)


async def list_compositions(
    reading: Reading, query: CompositionList, today: date
) -> list[CompositionRead]:
    """The composition of every body of a kind that exists on a day, by name."""
    day = query.as_of or today
    dissolved_on = BODIES.c.dissolved_on
    bodies = _composition_rows(day).where(
        BODIES.c.kind == query.kind,
        BODIES.c.founded_on <= day,
        or_(dissolved_on.is_(None), dissolved_on > day),
    )
    rows = await reading.rows(
        bodies.order_by(BODIES.c.name, BODIES.c.id).limit(query.limit)
    )
    return [_composition(row, day) for row in rows]


def _composition_rows(day: date) -> Rows:
    """Bodies with their rule, its groups and who sits there."""
    groups = select(list_of(_GROUP, GROUPS.c.position))
    groups = groups.where(GROUPS.c.rule_code == BODIES.c.composition_rule)
    seats = select(list_of(_SEAT))
    seats = seats.where(MEMBERS.c.body_id == BODIES.c.id, sits_on(day))
    columns: list[ColumnElement[Any]] = [
        BODIES.c.id,
        _RULE.label("rule"),
        groups.scalar_subquery().label("groups"),
        seats.scalar_subquery().label("seats"),
    ]
    is_its_rule = COMPOSITION_RULES.c.code == BODIES.c.composition_rule
    # One statement: rule and members are of one moment, even without a
    # lock on the body.
    return select(*columns).select_from(BODIES.join(COMPOSITION_RULES, is_its_rule))


def _composition(values: Iterable[Any], day: date) -> CompositionRead:
    """The groups of the rule, each with the number of its members."""
    row = _Row(*values)
    groups = [
        Group(**{name: group[name] for name in Group._fields}) for group in row.groups
    ]
    labels = [Label.model_validate(group["label"]) for group in row.groups]
    counts = count_groups(groups, [Seat(**seat) for seat in row.seats])
    parts = zip(groups, labels, counts, strict=True)
    return CompositionRead(
        body_id=row.body_id,
        as_of=day,
        rule=CompositionRuleRead.model_validate(row.rule),
        valid=is_valid(counts),
        members=len(row.seats),
        groups=[_group(group, label, count) for group, label, count in parts],
    )


def _group(group: Group, label: Label, count: GroupCount) -> GroupRead:
    return GroupRead(
        **count._asdict(), label=label, minimum=group.minimum, maximum=group.maximum
    )
