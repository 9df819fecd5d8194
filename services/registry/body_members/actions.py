"""Every change of a body's members."""

from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import col

from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.registry.bodies.actions import lock_open_body, subject_of
from services.registry.bodies.models import Body
from services.registry.bodies.queries import require_group
from services.registry.bodies.rules import wrong_day
from services.registry.body_members import queries, rules
from services.registry.body_members.models import CHANGED_NOW, BodyMember
from services.registry.body_members.schemas import MemberCreate, MemberEnd
from services.registry.problems import InstitutionClosed


async def _require_fitting_origin(
    change: Change, body: Body, new: MemberCreate
) -> None:
    """Refuse a member who stands for what does not fit the group, or does not exist today."""
    group = await require_group(change, body.composition_rule, new.group)
    refuse(*rules.member_errors(group, new.institution_id, new.delegating_body_id))
    if new.institution_id is not None:
        institution = await queries.lock_represented(change, new.institution_id)
        if institution.closed_on is not None:
            raise InstitutionClosed(state="closed", allowed=[])
    if new.delegating_body_id is not None:
        delegating = await queries.lock_delegating_body(change, new.delegating_body_id)
        if code := rules.delegation_error(group, body, delegating):
            refuse(("delegating_body_id", code))


async def add_member(change: Change, body_id: UUID, new: MemberCreate) -> Stored:
    """Give somebody a seat.

    A group may become fuller than its rule allows: the composition then shows the surplus.
    """
    # Dissolving holds the same lock: it either ends this seat too, or refuses it.
    body = await lock_open_body(change, body_id)
    refuse(*wrong_day("held_from", new.held_from, since=body.founded_on))
    await _require_fitting_origin(change, body, new)
    values = new.model_dump(exclude={"group"})
    statement = insert(BodyMember).values(
        **values, group_code=new.group, body_id=body_id
    )
    member = await change.stored(statement.returning(*queries.STORED))
    change.record(
        "add_member",
        subject_of(body),
        "body.member-added",
        member_id=str(member.key),
        group=new.group,
    )
    return member


async def end_member(
    change: Change, body_id: UUID, member_id: UUID, end: MemberEnd, version: int
) -> Stored:
    """End somebody's seat; it stays in the history."""
    body = await lock_open_body(change, body_id)
    member = await queries.lock_member(change, body_id, member_id)
    require_version(member.version, version)
    if member.held_to is not None:
        # An end is final: whoever returns gets another seat, so that the history stays
        # true.
        raise StateConflict(state="ended", allowed=[])
    refuse(*wrong_day("held_to", end.held_to, since=member.held_from))
    change.record(
        "end_member",
        subject_of(body),
        "body.member-ended",
        member_id=str(member_id),
        group=member.group_code,
    )
    values = {"held_to": end.held_to, "ending_reason": end.reason, **CHANGED_NOW}
    statement = update(BodyMember).where(col(BodyMember.id) == member_id)
    return await change.stored(statement.values(**values).returning(*queries.STORED))
