"""Every question asked of the bodies."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    case,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.pages import Listing
from services.chassis.paging import page
from services.chassis.problems import FieldError, Problem, UnknownReference
from services.chassis.tables import rows_of
from services.chassis.wire import json_object
from services.chassis.work import Change, Reading, Record, Rows
from services.registry.bodies.models import (
    Body,
    BodyCommunique,
    BodyMeeting,
    BodyMember,
    CompositionGroup,
    CompositionRule,
)
from services.registry.bodies.rules import (
    SEAT_FIELDS,
    BodyKind,
    Condition,
    Group,
    Seat,
    count_groups,
    is_valid,
)
from services.registry.bodies.schemas import (
    BodyList,
    BodyRead,
    CommuniqueList,
    CommuniqueRead,
    CompositionRead,
    MeetingList,
    MeetingRead,
    MemberList,
    MemberRead,
)
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import lock_institution
from services.registry.networks.queries import county_network_is_built
from services.registry.problems import (
    BodyNotFound,
    InstitutionNotFound,
    MeetingNotFound,
    MemberNotFound,
)
from services.registry.processes.queries import (
    get_run_steps,
    label_of,
    process_of_run,
    state_of_run,
)
from services.registry.territories.models import TerritorialUnit

BODIES: FromClause = rows_of(Body)
MEMBERS: FromClause = rows_of(BodyMember)
MEETINGS: FromClause = rows_of(BodyMeeting)
COMMUNIQUES: FromClause = rows_of(BodyCommunique)
_RULES: FromClause = rows_of(CompositionRule)
_GROUPS: FromClause = rows_of(CompositionGroup)
_UNITS: FromClause = rows_of(TerritorialUnit)

_OF_THE_RUN = {
    "process": process_of_run(BODIES.c.run_id),
    "state": state_of_run(BODIES.c.run_id),
}
_WIRE = {
    name: _OF_THE_RUN[name] if name in _OF_THE_RUN else BODIES.c[name]
    for name in BodyRead.model_fields
}
_SORTABLE = {name: BODIES.c[name] for name in ("name", "kind", "founded_on")}
_LISTING = Listing(_WIRE, _SORTABLE, "name", BODIES.c.id)
MEMBER_WIRE = {
    name: MEMBERS.c["group_code" if name == "group" else name]
    for name in MemberRead.model_fields
}
COMMUNIQUE_WIRE = {name: COMMUNIQUES.c[name] for name in CommuniqueRead.model_fields}
_MEMBERS_LISTING = Listing(
    MEMBER_WIRE, {"held_from": MEMBERS.c.held_from}, "held_from", MEMBERS.c.id
)
_COMMUNIQUES_LISTING = Listing(
    COMMUNIQUE_WIRE,
    {"issued_on": COMMUNIQUES.c.issued_on},
    "-issued_on",
    COMMUNIQUES.c.id,
)
_HELD, _CANCELLED = (
    MEETINGS.c.held_on.is_not(None),
    MEETINGS.c.cancelling_reason.is_not(None),
)
_STATE = case(
    (_HELD, literal_column("'held'")),
    (_CANCELLED, literal_column("'cancelled'")),
    else_=literal_column("'planned'"),
)


def meeting_wire(today: date) -> dict[str, ColumnElement[Any]]:
    """A meeting as it is shown on that day."""
    shown = {
        "state": _STATE,
        "is_overdue": and_(_STATE == "planned", MEETINGS.c.planned_on < today),
    }
    return {
        name: shown[name] if name in shown else MEETINGS.c[name]
        for name in MeetingRead.model_fields
    }


SETTLED_WIRE = meeting_wire(date.max)
"""Of a meeting that was held or cancelled: no day makes it overdue."""


async def _one(reading: Reading, statement: Rows, missing: Problem) -> Record:
    found = await reading.find(statement)
    if found is None:
        raise missing
    return found


def list_bodies(query: BodyList) -> tuple[Listing, Rows]:
    """What a list or an export of bodies shows, and of which rows."""
    found: Rows = select(BODIES)
    if query.kind:
        found = found.where(BODIES.c.kind.in_(query.kind))
    if query.county_terc:
        found = found.where(BODIES.c.county_terc.in_(query.county_terc))
    if query.voivodeship_terc:
        found = found.where(BODIES.c.voivodeship_terc == query.voivodeship_terc)
    if query.active is not None:
        found = found.where(BODIES.c.dissolved_on.is_(None) == query.active)
    return _LISTING, found


async def get_body(
    reading: Reading, terms: AnswerTerms | None, body_id: UUID
) -> Answer:
    """One body."""
    statement = select(json_object(_WIRE), BODIES.c.version).where(
        BODIES.c.id == body_id
    )
    found = await _one(reading, statement, BodyNotFound())
    return tagged(found[0], etag(body_id, found[1]), terms)


async def lock_body(reading: Reading, body_id: UUID) -> Record:
    """The record of a body, held until the transaction ends."""
    return await _one(
        reading,
        select(BODIES).where(BODIES.c.id == body_id).with_for_update(),
        BodyNotFound(),
    )


async def lock_delegating_body(reading: Reading, body_id: UUID) -> Record:
    """The body that a member is to come from; it cannot be dissolved meanwhile."""
    statement = select(BODIES).where(BODIES.c.id == body_id).with_for_update(read=True)
    return await _one(
        reading,
        statement,
        UnknownReference(FieldError("pointer", "/delegating_body_id", "not_found")),
    )


async def lock_member(reading: Reading, body_id: UUID, member_id: UUID) -> Record:
    """A member of a body, held until the transaction ends."""
    of_this = (MEMBERS.c.id == member_id) & (MEMBERS.c.body_id == body_id)
    return await _one(
        reading, select(MEMBERS).where(of_this).with_for_update(), MemberNotFound()
    )


async def lock_meeting(reading: Reading, body_id: UUID, meeting_id: UUID) -> Record:
    """A meeting of a body with its state, held until the transaction ends."""
    of_this = (MEETINGS.c.id == meeting_id) & (MEETINGS.c.body_id == body_id)
    statement = select(MEETINGS, _STATE.label("state")).where(of_this).with_for_update()
    return await _one(reading, statement, MeetingNotFound())


async def require_units(reading: Reading, seat: Mapping[str, str | None]) -> None:
    """UnknownReference unless the unit in which a body is to sit, the smallest of those named, exists today."""
    name = next(name for name in SEAT_FIELDS if seat[name] is not None)
    known = select(_UNITS.c.terc).where(
        _UNITS.c.terc == seat[name], _UNITS.c.removed_on.is_(None)
    )
    await _one(
        reading, known, UnknownReference(FieldError("pointer", f"/{name}", "not_found"))
    )


async def lock_represented(reading: Change, institution_id: UUID) -> Institution:
    """The institution that a member is to represent; it cannot be closed meanwhile."""
    try:
        return await lock_institution(reading, institution_id)
    except InstitutionNotFound:
        raise UnknownReference(
            FieldError("pointer", "/institution_id", "not_found")
        ) from None


async def find_composition_rule(
    reading: Reading, kind: BodyKind, code: str | None
) -> str:
    """The rule of that code for bodies of that kind, or their usual one."""
    chosen = _RULES.c.is_default if code is None else _RULES.c.code == code
    statement = select(_RULES.c.code).where(_RULES.c.body_kind == kind, chosen)
    unknown = UnknownReference(FieldError("pointer", "/composition_rule", "not_found"))
    return str((await _one(reading, statement, unknown))[0])


async def find_group(reading: Reading, rule: str, code: str) -> Group:
    """A group of a composition rule."""
    statement = select(*[_GROUPS.c[name] for name in Group._fields])
    found = statement.where(_GROUPS.c.rule_code == rule, _GROUPS.c.code == code)
    return Group(
        *await _one(
            reading,
            found,
            UnknownReference(FieldError("pointer", "/group", "not_found")),
        )
    )


def _held_on(day: date) -> ColumnElement[bool]:
    return and_(
        MEMBERS.c.held_from <= day, func.coalesce(MEMBERS.c.held_to > day, True)
    )


async def list_members(
    reading: Reading, terms: AnswerTerms, body_id: UUID, query: MemberList
) -> Answer:
    """A page of a body's members, the present and the past ones."""
    await _require_body(reading, body_id)
    found = select(MEMBERS).where(MEMBERS.c.body_id == body_id)
    if query.group:
        found = found.where(MEMBERS.c.group_code == query.group)
    if query.as_of:
        found = found.where(_held_on(query.as_of))
    return await page(reading, terms, query, _MEMBERS_LISTING, found)


async def list_meetings(
    reading: Reading, terms: AnswerTerms, body_id: UUID, query: MeetingList, today: date
) -> Answer:
    """A page of a body's meetings in their order."""
    await _require_body(reading, body_id)
    wire = meeting_wire(today)
    found = select(MEETINGS).where(MEETINGS.c.body_id == body_id)
    if query.state:
        found = found.where(_STATE.in_(query.state))
    if query.overdue is not None:
        found = found.where(wire["is_overdue"].is_(query.overdue))
    listing = Listing(
        wire, {"planned_on": MEETINGS.c.planned_on}, "planned_on", MEETINGS.c.id
    )
    return await page(reading, terms, query, listing, found)


async def list_communiques(
    reading: Reading, terms: AnswerTerms, body_id: UUID, query: CommuniqueList
) -> Answer:
    """A page of what a body told, the latest first."""
    await _require_body(reading, body_id)
    found = select(COMMUNIQUES).where(COMMUNIQUES.c.body_id == body_id)
    if query.recipient:
        found = found.where(COMMUNIQUES.c.recipients.contains([query.recipient]))
    return await page(reading, terms, query, _COMMUNIQUES_LISTING, found)


async def _require_body(reading: Reading, body_id: UUID) -> Record:
    return await _one(
        reading, select(BODIES.c.run_id).where(BODIES.c.id == body_id), BodyNotFound()
    )


async def get_body_steps(
    reading: Reading, terms: AnswerTerms | None, body_id: UUID
) -> Answer:
    """How far a body has come in its formation."""
    return await get_run_steps(
        reading, terms, (await _require_body(reading, body_id)).run_id
    )


async def get_composition(
    reading: Reading, body_id: UUID, day: date
) -> CompositionRead:
    """Who sits in a body on a day, against its rule; in one statement."""
    group = {name: _GROUPS.c[name] for name in Group._fields} | {
        "label": label_of(_GROUPS)
    }
    groups = (
        select(func.json_agg(aggregate_order_by(_object(group), _GROUPS.c.position)))
        .where(_GROUPS.c.rule_code == BODIES.c.composition_rule)
        .scalar_subquery()
    )
    seat = {"group": MEMBERS.c.group_code, "institution": MEMBERS.c.institution_id}
    seats = select(func.json_agg(_object(seat))).where(
        MEMBERS.c.body_id == BODIES.c.id, _held_on(day)
    )
    rule = {"code": _RULES.c.code, "label": label_of(_RULES), "source": _RULES.c.source}
    statement = (
        select(
            _object(rule).label("rule"),
            groups.label("groups"),
            seats.scalar_subquery().label("seats"),
        )
        .select_from(BODIES.join(_RULES, _RULES.c.code == BODIES.c.composition_rule))
        .where(BODIES.c.id == body_id)
    )
    return _composition(await _one(reading, statement, BodyNotFound()), body_id, day)


async def get_body_composition(reading: Reading, body_id: UUID, day: date) -> Answer:
    """The same as an answer. It goes by many rows, so it has no version."""
    found = await get_composition(reading, body_id, day)
    return Answer(found.model_dump_json(), headers={"cache-control": "no-cache"})


def _object(wire: dict[str, Any]) -> ColumnElement[Any]:
    return func.json_build_object(
        *[part for name, column in wire.items() for part in (literal(name), column)]
    )


def _composition(found: Record, body_id: UUID, day: date) -> CompositionRead:
    groups, labels = [], {}
    for group in found.groups:
        labels[group["code"]] = group.pop("label")
        groups.append(Group(**group))
    counts = count_groups(groups, [Seat(**seat) for seat in found.seats or []])
    shown = [
        {
            **count._asdict(),
            "label": labels[group.code],
            "minimum": group.minimum,
            "maximum": group.maximum,
        }
        for group, count in zip(groups, counts, strict=True)
    ]
    facts = {
        "body_id": body_id,
        "as_of": day,
        "rule": found.rule,
        "valid": is_valid(counts),
        "groups": shown,
    }
    return CompositionRead.model_validate(facts | {"members": len(found.seats or [])})


async def condition_is_met(
    reading: Reading, body: Record, condition: Condition, day: date
) -> bool:
    """Whether a body has what a step of its formation needs on that day."""
    if condition is Condition.VALID_COMPOSITION:
        return (await get_composition(reading, body.id, day)).valid
    if condition is Condition.COUNTY_NETWORK:
        return await county_network_is_built(reading, body.county_terc)
    if condition is Condition.PLANNED_MEETING:
        looked_for = select(MEETINGS.c.id).where(
            MEETINGS.c.body_id == body.id, _STATE != "cancelled"
        )
    else:
        looked_for = select(COMMUNIQUES.c.id).where(
            COMMUNIQUES.c.body_id == body.id, COMMUNIQUES.c.issued_on <= day
        )
    return await reading.find(looked_for.limit(1)) is not None
