"""Every change of a body's members."""

from typing import Any
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
from services.registry.body_members.rules import Ending
from services.registry.body_members.schemas import MemberCreate, MemberEnd
from services.registry.problems import InstitutionClosed
from services.registry.tables import also_recording, recording


async def _require_fitting_origin(
    change: Change, body: Body, new: MemberCreate
) -> Body | None:
    """Refuse an institution or a delegating body that does not fit the group, or had
    ended by the member's first day; returns the delegating body, if there is one.
    """
    group = await require_group(change, body.composition_rule, new.group)
    refuse(*rules.member_errors(group, new.institution_id, new.delegating_body_id))
    if new.institution_id is not None:
        institution = await queries.lock_represented(change, new.institution_id)
        closed_on = institution.closed_on
        if closed_on is not None and closed_on <= new.held_from:
            raise InstitutionClosed(state="closed", allowed=[])
    if new.delegating_body_id is None:
        return None
    sender = await queries.lock_delegating_body(change, new.delegating_body_id)
    if code := rules.delegation_error(group, body, sender, new.held_from):
        refuse(("delegating_body_id", code))
    return sender


def _ending(new: MemberCreate, *bodies: Body | None) -> dict[str, Any]:
    """The columns of the end of a seat that is entered late; empty while it lasts.

    A seat in, or from, a dissolved body ended with that body, as it would have if it
    had been entered in time.
    """
    bounds = [
        Ending(body.dissolved_on, body.dissolving_reason)
        for body in bodies
        if body is not None and body.dissolved_on is not None
    ]
    own_end = Ending(new.held_to, new.ending_reason) if new.held_to else None
    if own_end is None and new.ending_reason is not None:
        refuse(("held_to", "both_or_neither"))
    ending = rules.ending_of(own_end, bounds)
    refuse(*rules.ending_errors(new.held_from, ending, bounds))
    if ending is None:
        return {}
    return {"held_to": ending.held_to, "ending_reason": ending.reason}


async def add_member(change: Change, body_id: UUID, new: MemberCreate) -> Stored:
    """Give somebody a seat.

    A group may become fuller than its rule allows: the composition then shows the surplus.
    """
    # `dissolve_body` takes the same lock: this seat is either ended with
    # the others, or refused.
    body = await lock_open_body(change, body_id, new.held_from)
    refuse(*wrong_day("held_from", new.held_from, since=body.founded_on))
    sender = await _require_fitting_origin(change, body, new)
    ending = _ending(new, body, sender)
    days = ["held_from", *(["held_to"] if ending else [])]
    values = new.model_dump(exclude={"group"}) | ending
    statement = insert(BodyMember).values(
        **values,
        group_code=new.group,
        body_id=body_id,
        recorded=recording(change.caller.subject, *days),
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
        # An end is final: a person who returns gets another seat, so that the history
        # stays true.
        raise StateConflict(state="ended", allowed=[])
    refuse(*wrong_day("held_to", end.held_to, since=member.held_from))
    change.record(
        "end_member",
        subject_of(body),
        "body.member-ended",
        member_id=str(member_id),
        group=member.group_code,
    )
    recorded = also_recording(BodyMember, change.caller.subject, "held_to")
    values = {"held_to": end.held_to, "ending_reason": end.reason, "recorded": recorded}
    statement = update(BodyMember).where(col(BodyMember.id) == member_id)
    statement = statement.values(**values, **CHANGED_NOW)
    return await change.stored(statement.returning(*queries.STORED))
