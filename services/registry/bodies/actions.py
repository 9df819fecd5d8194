"""Every change of a body itself."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import refuse
from services.chassis.trust.access import demand
from services.registry.bodies import queries, rules
from services.registry.bodies.models import CHANGED_NOW, Body
from services.registry.bodies.schemas import BodyCreate, BodyDissolve, BodyUpdate
from services.registry.body_meetings.models import CHANGED_NOW as MEETING_CHANGED_NOW
from services.registry.body_meetings.models import IS_PLANNED, BodyMeeting
from services.registry.body_members.models import CHANGED_NOW as MEMBER_CHANGED_NOW
from services.registry.body_members.models import BodyMember
from services.registry.institutions.models import InstitutionFunction
from services.registry.permissions import Permission
from services.registry.problems import BodyAlreadyFounded, BodyDissolved
from services.registry.processes.actions import start_run
from services.registry.tables import also_recording, recording


def subject_of(body: Body, version: int | None = None) -> Subject:
    """A body as audit records and events name it. `version`: the new version,
    if there is one.
    """
    return Subject(f"bodies/{body.id}", version or body.version, body.county_terc)


async def lock_body_within_reach(
    change: Change, body_id: UUID, permission: Permission = Permission.EDIT_BODIES
) -> Body:
    """A body within the caller's reach, locked until the transaction ends.

    A regional platform has no county: only a caller who reaches every county
    may change it.
    """
    body = await queries.lock_body(change, body_id)
    demand(change.caller, permission, county=body.county_terc)
    return body


async def lock_open_body(
    change: Change,
    body_id: UUID,
    day: date | None = None,
    permission: Permission = Permission.EDIT_BODIES,
) -> Body:
    """A body within the caller's reach, locked until the transaction ends.

    BodyDissolved when it is dissolved; with a `day`, when it was dissolved by that day.
    """
    body = await lock_body_within_reach(change, body_id, permission)
    require_undissolved(body, day)
    return body


def require_undissolved(body: Body, day: date | None) -> None:
    """BodyDissolved when a body is dissolved; with a `day`, when it was by that day."""
    ended_on = body.dissolved_on
    # An event from before the end may be entered after the end.
    if ended_on is not None and (day is None or day >= ended_on):
        raise BodyDissolved(state="dissolved", allowed=[])


async def change_body(change: Change, body_id: UUID, **values: Any) -> int:
    """Set these values and the next version of a body; returns that version."""
    statement = update(Body).where(col(Body.id) == body_id)
    statement = statement.values(**values, **CHANGED_NOW)
    version: int = await change.scalar(statement.returning(col(Body.version)))
    return version


async def found_body(change: Change, new: BodyCreate, today: date) -> Stored:
    """Found a body and begin its formation.

    Only one body of a kind exists at a time in its commune, county or
    voivodeship. A body that is over by now is founded with its end; its activity
    is entered afterwards.
    """
    seat = new.model_dump(include={*rules.SEAT_FIELDS})
    refuse(*rules.seat_errors(new.kind, seat))
    place = rules.with_units_above(seat)
    await queries.require_unit(change, place, new.founded_on)
    county = place["county_terc"]
    # The county follows from the commune that is named, so the reach is judged only now.
    demand(change.caller, Permission.EDIT_BODIES, county=county)
    day = new.founded_on
    # Nothing comes before a founding: only a day in the future is wrong.
    refuse(*rules.wrong_day("founded_on", day, since=day, today=today))
    end = new.dissolved_on
    refuse(*rules.ending_errors(day, end, new.dissolving_reason, today))
    rule = await queries.require_composition_rule(
        change, new.kind, new.composition_rule
    )
    facts = new.model_dump(exclude={*rules.SEAT_FIELDS}) | place
    days = ["founded_on", "dissolved_on"] if end else ["founded_on"]
    facts |= {
        # Sorted and without duplicates, in whatever order they were sent.
        "pillars": sorted({*new.pillars}),
        "recorded": recording(change.caller.subject, *days),
    }
    statement = insert(Body).values(**facts | {"composition_rule": rule})
    body_id: UUID = await change.scalar(statement.returning(col(Body.id)))
    # The index refuses two open bodies at once; this check is for those that are over.
    if await queries.overlapping_body_exists(change, body_id):
        raise BodyAlreadyFounded()
    subject = Subject(f"bodies/{body_id}", county=county)
    await _start_formation(change, body_id, new.kind, subject)
    change.record("found_body", subject, "body.founded", kind=new.kind)
    return await queries.get_body(change, body_id)


async def _start_formation(
    change: Change, body_id: UUID, kind: rules.BodyKind, subject: Subject
) -> None:
    """Begin the run by which a body of this kind is formed, where there is one."""
    process = rules.PROCESS_OF.get(kind)
    if process is not None:
        run_id = await start_run(change, process, subject.county, subject.path)
        # Run and body refer to each other, so one of them is written twice. The second
        # write is part of the founding: the body keeps version 1.
        statement = update(Body).where(col(Body.id) == body_id).values(run_id=run_id)
        await change.execute(statement)


async def amend_body(
    change: Change, body_id: UUID, patch: BodyUpdate, version: int
) -> Stored:
    """Give a body another name, or other pillars."""
    body = await lock_open_body(change, body_id)
    require_version(body.version, version)
    patched = patch.model_dump(exclude_unset=True)
    # Sorted and without duplicates, as at the founding.
    if "pillars" in patched:
        patched["pillars"] = sorted({*patch.pillars})
    subject = subject_of(body, await change_body(change, body_id, **patched))
    change.record("amend_body", subject, "body.changed", fields=sorted(patched))
    return await queries.get_body(change, body_id)


async def dissolve_body(
    change: Change, body_id: UUID, end: BodyDissolve, version: int, today: date
) -> Stored:
    """Dissolve a body, with its members, those it delegated, its host's function and its
    planned meetings.
    """
    body = await lock_open_body(change, body_id)
    require_version(body.version, version)
    day, since = end.dissolved_on, body.founded_on
    refuse(*rules.wrong_day("dissolved_on", day, since=since, today=today))
    after = await change_body(
        change,
        body_id,
        dissolved_on=day,
        dissolving_reason=end.reason,
        recorded=also_recording(Body, change.caller.subject, "dissolved_on"),
    )
    # One transaction ends all of it: a dissolved body has no members and no delegates.
    ended = await _end_members(change, body_id, end)
    await _end_functions(change, body_id, end)
    await _cancel_meetings(change, body_id, end)
    subject = subject_of(body, after)
    change.record("dissolve_body", subject, "body.dissolved", ended_members=ended)
    return await queries.get_body(change, body_id)


async def _end_members(
    change: Change, body_id: UUID, end: BodyDissolve
) -> Sequence[str]:
    """End the membership of all who sit in a body or were delegated by it; their addresses."""
    sits_here = col(BodyMember.body_id) == body_id
    was_sent = col(BodyMember.delegating_body_id) == body_id
    is_open = func.coalesce(col(BodyMember.held_to) > end.dissolved_on, True)
    # A membership that begins later never takes effect: it ends on its first day.
    held_to = func.greatest(col(BodyMember.held_from), end.dissolved_on)
    statement = (
        update(BodyMember)
        .where(sits_here | was_sent, is_open)
        .values(
            held_to=held_to,
            ending_reason=end.reason,
            recorded=also_recording(BodyMember, change.caller.subject, "held_to"),
            **MEMBER_CHANGED_NOW,
        )
        .returning(col(BodyMember.body_id), col(BodyMember.id))
    )
    return sorted(
        f"/v1/registry/bodies/{host}/members/{member}"
        for host, member in await change.rows(statement)
    )


async def _end_functions(change: Change, body_id: UUID, end: BodyDissolve) -> None:
    """End the function of the institution that was the host of a dissolved centre."""
    of_body = col(InstitutionFunction.body_id) == body_id
    begins_later = col(InstitutionFunction.held_from) >= end.dissolved_on
    # A function that was to begin later is deleted, as when an institution closes.
    await change.execute(delete(InstitutionFunction).where(of_body, begins_later))
    is_held = func.coalesce(
        col(InstitutionFunction.held_to) > end.dissolved_on, literal(True)
    )
    ending = update(InstitutionFunction).where(of_body, is_held)
    values = {
        "held_to": end.dissolved_on,
        "ending_reason": end.reason,
        "version": InstitutionFunction.version + 1,
        "changed_at": func.now(),
        "recorded": also_recording(
            InstitutionFunction, change.caller.subject, "held_to"
        ),
    }
    await change.execute(ending.values(**values))


async def _cancel_meetings(change: Change, body_id: UUID, end: BodyDissolve) -> None:
    """Cancel the planned meetings of a body."""
    # Only planned ones: a meeting that took place stays as it was recorded.
    planned = update(BodyMeeting).where(col(BodyMeeting.body_id) == body_id, IS_PLANNED)
    values = {"cancelling_reason": end.reason, **MEETING_CHANGED_NOW}
    await change.execute(planned.values(**values))
