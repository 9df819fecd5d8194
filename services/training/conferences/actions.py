"""Every change of a conference itself, without its registrations."""

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
    """Plan a conference of a programme; its mode, place and times are checked."""
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
    """A conference in a state that allows the verb, locked.

    VersionMismatch where `version` is given and is not the stored one.
    """
    conference = await queries.lock_conference(change, conference_id)
    # None for registrations, which do not depend on the conference's version.
    if version is not None:
        require_version(conference.version, version)
    allowed = CONFERENCE_ALLOWED[ConferenceState(conference.state)]
    if conference.registrants_erased_at is not None:
        allowed = tuple(each for each in allowed if each in WITHOUT_REGISTRANTS)
    if verb not in allowed:
        raise StateConflict(state=conference.state, allowed=allowed)
    return conference


async def change_conference(
    change: Change, conference_id: UUID, action: str, event: str, **values: Any
) -> Stored:
    """Give a locked conference these values and its next version, audited."""
    stamp = {"version": Conference.version + 1, "changed_at": func.now()}
    statement = update(Conference).where(col(Conference.id) == conference_id)
    statement = statement.values(**values, **stamp)
    after = await change.stored(statement.returning(*queries.STORED))
    _record(change, action, after, event, fields=sorted(values))
    return after


async def amend_conference(
    change: Change, conference_id: UUID, patch: ConferenceUpdate, version: int
) -> Stored:
    """Change the facts of a conference that has not taken place."""
    conference = await lock_for(change, conference_id, "amend", version)
    before, patched = conference.model_dump(), patch.model_dump(exclude_unset=True)
    refuse(*contradictions(before | patched))
    # Without a change there is no new version, and ETags stay valid.
    new_values = {name: new for name, new in patched.items() if new != before[name]}
    if not new_values:
        return await queries.get_conference(change, conference_id)
    return await change_conference(
        change, conference_id, "amend_conference", "changed", **new_values
    )


async def open_conference(change: Change, conference_id: UUID, version: int) -> Stored:
    """Open registration, within the conference's registration times."""
    await lock_for(change, conference_id, "open", version)
    state = ConferenceState.OPEN
    return await change_conference(
        change, conference_id, "open_conference", "opened", state=state
    )


async def hold_conference(
    change: Change, conference_id: UUID, version: int, now: datetime
) -> Stored:
    """Mark a conference as held. ConferenceNotOver before its end."""
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
    """Cancel a conference. Staff can still read its registrations."""
    await lock_for(change, conference_id, "cancel", version)
    values = {"state": ConferenceState.CANCELLED, "cancel_reason": reason}
    return await change_conference(
        change, conference_id, "cancel_conference", "cancelled", **values
    )
