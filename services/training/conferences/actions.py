"""Every change of a conference itself; who gets a place is of its registrations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.training.conferences import queries
from services.training.conferences.models import Conference
from services.training.conferences.rules import (
    CONFERENCE_ALLOWED,
    WITHOUT_REGISTRANTS,
    ConferenceState,
    contradictions,
)
from services.training.conferences.schemas import ConferenceCreate, ConferenceUpdate
from services.training.problems import ConferenceNotOver


def _record(
    change: Change, action: str, conference: Stored, event: str, **detail: Any
) -> None:
    subject = Subject(f"conferences/{conference.key}", conference.version)
    change.record(action, subject, f"conference.{event}", **detail)


async def plan_conference(change: Change, new: ConferenceCreate) -> Stored:
    """Plan a conference of a programme. Places and times have to fit together."""
    values = new.model_dump()
    refuse(*contradictions(values))
    if not await queries.programme_exists(change, new.programme_id):
        raise UnknownReference(FieldError("pointer", "/programme_id", "not_found"))
    statement = insert(Conference).values(**values).returning(*queries.STORED)
    conference = await change.stored(statement)
    _record(change, "plan_conference", conference, "planned")
    return conference


async def lock_for(
    change: Change, conference_id: UUID, verb: str, version: int | None = None
) -> Conference:
    """A conference whose state allows the verb, locked and unchanged since read."""
    conference = await queries.lock_conference(change, conference_id)
    # Who registers has read no version: places go to whoever comes.
    if version is not None:
        require_version(conference.version, version)
    allowed = CONFERENCE_ALLOWED[ConferenceState(conference.state)]
    if conference.registrants_erased_at is not None:
        allowed = tuple(one for one in allowed if one in WITHOUT_REGISTRANTS)
    if verb not in allowed:
        raise StateConflict(state=conference.state, allowed=allowed)
    return conference


async def change_conference(
    change: Change, conference_id: UUID, action: str, event: str, **values: Any
) -> Stored:
    """Write a locked conference's new facts, with record and event."""
    stamped = {"version": Conference.version + 1, "changed_at": func.now()}
    statement = update(Conference).where(col(Conference.id) == conference_id)
    statement = statement.values(**values, **stamped)
    after = await change.stored(statement.returning(*queries.STORED))
    _record(change, action, after, event, fields=sorted(values))
    return after


async def amend_conference(
    change: Change, conference_id: UUID, patch: ConferenceUpdate, version: int
) -> Stored:
    """Change what a conference is like, while it has not taken place."""
    conference = await lock_for(change, conference_id, "amend", version)
    before, patched = conference.model_dump(), patch.model_dump(exclude_unset=True)
    refuse(*contradictions(before | patched))
    # Without a change there is no version: the ETags that others hold stay valid.
    changed = {name: new for name, new in patched.items() if new != before[name]}
    if not changed:
        return await queries.get_conference(change, conference_id)
    return await change_conference(
        change, conference_id, "amend_conference", "changed", **changed
    )


async def open_conference(change: Change, conference_id: UUID, version: int) -> Stored:
    """Let people register, within the times that the conference says."""
    await lock_for(change, conference_id, "open", version)
    state = ConferenceState.OPEN
    return await change_conference(
        change, conference_id, "open_conference", "opened", state=state
    )


async def hold_conference(
    change: Change, conference_id: UUID, version: int, now: datetime
) -> Stored:
    """Say that a conference has taken place. ConferenceNotOver before its end."""
    conference = await lock_for(change, conference_id, "hold", version)
    if now < conference.ends_at:
        raise ConferenceNotOver(ends_at=conference.ends_at.isoformat())
    state = ConferenceState.HELD
    return await change_conference(
        change, conference_id, "hold_conference", "held", state=state
    )


async def cancel_conference(
    change: Change, conference_id: UUID, reason: str, version: int
) -> Stored:
    """Let a conference not take place. Who has registered stays known to staff."""
    await lock_for(change, conference_id, "cancel", version)
    values = {"state": ConferenceState.CANCELLED, "cancel_reason": reason}
    return await change_conference(
        change, conference_id, "cancel_conference", "cancelled", **values
    )
