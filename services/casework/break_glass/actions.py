"""Every change of break-glass."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, text, update
from sqlmodel import col

from services.casework.break_glass import queries
from services.casework.break_glass.models import BreakGlass
from services.casework.break_glass.rules import (
    COUNTED_WITHIN,
    OPEN_FOR,
    BreakGlassVerdict,
    has_just_logged_in,
    may_open,
)
from services.casework.break_glass.schemas import BreakGlassOpen, BreakGlassReview
from services.casework.people.queries import get_key, lock_people, place_of
from services.casework.problems import (
    BreakGlassAlreadyOpen,
    BreakGlassUnreviewed,
    OwnDecision,
    StepUpRequired,
)
from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere, relate, unrelate
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import RateLimited, StateConflict
from services.chassis.trust.relations import account_holder
from services.chassis.trust.vault import seal, unseal

RELATION = "break_glass"
# An advisory lock on an account, because accounts are not rows of this table; the seed
# 17 separates it from other locks on texts.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 17))")


def _record(change: Change, action: str, access: BreakGlass, event: str) -> None:
    path = f"break-glass/{access.id}"
    subject = Subject(path, access.version, access.county_terc)
    change.record(
        action,
        subject,
        f"break-glass.{event}",
        people=[str(access.person_id)],
        reason_code=access.reason_code,
        verdict=access.verdict,
    )


async def open_break_glass(
    change: Change, new: BreakGlassOpen, now: datetime
) -> Stored:
    """Let the caller read one child's records for an hour,
    in whatever county the child is.

    The checks of the caller come first, before the child is looked up, so that their
    refusals do not reveal whether the child exists.
    """
    if not has_just_logged_in(change.caller.authenticated_at, now):
        raise StepUpRequired(max_age=300)
    # The caller has no reach in the child's county:
    # break-glass exists for exactly that.
    async with acting_everywhere(change):
        await _require_allowance(change, new.person_id, now)
        await lock_people(change, [new.person_id])
        county = await queries.get_county_of(change, new.person_id)
        key = await get_key(change, new.person_id)
        access_id: UUID = await change.scalar(func.uuidv7().select())
        place = place_of("break_glass", access_id)
        access = await _add(
            change,
            id=access_id,
            county_terc=county,
            person_id=new.person_id,
            reason_code=new.reason_code,
            opened_at=now,
            ends_at=now + OPEN_FOR,
            sealed=seal(key, place, {"reason": new.reason}),
        )
        holder = account_holder(access.subject)
        people = [access.person_id]
        await relate(change, holder, RELATION, people, county, access.ends_at)
        _record(change, queries.OPEN, access, "opened")
        return await queries.get_shown(change, access)


async def _add(change: Change, **values: Any) -> BreakGlass:
    caller = change.caller
    by = {"subject": caller.subject, "institution_id": caller.institution_id}
    statement = (
        insert(BreakGlass).values(**values, **by).returning(*queries.BREAK_GLASS.c)
    )
    return BreakGlass(**(await change.one(statement))._mapping)


async def _require_allowance(change: Change, person_id: UUID, now: datetime) -> None:
    """Raises BreakGlassUnreviewed, BreakGlassAlreadyOpen or RateLimited."""
    subject, since = change.caller.subject, now - COUNTED_WITHIN
    # Without the lock, two requests at once would both pass the count.
    await change.execute(_LOCK, {"subject": subject})
    if await queries.review_is_overdue(change, subject, now):
        raise BreakGlassUnreviewed()
    access = await queries.find_open(change, person_id, subject, now)
    if access is not None:
        raise BreakGlassAlreadyOpen(ends_at=access.ends_at.isoformat())
    opened = await queries.count_opened(change, subject, since)
    # Misses count as well: otherwise ids could be tried until one exists.
    missed = await queries.count_missed(change, subject, since)
    if not may_open(opened, missed):
        # An upper bound: the oldest of them may leave the period sooner.
        raise RateLimited(retry_after=int(COUNTED_WITHIN.total_seconds()))


async def review_break_glass(
    change: Change,
    access_id: UUID,
    review: BreakGlassReview,
    version: int,
    now: datetime,
) -> Stored:
    """Record whether an access was justified.

    Raises OwnDecision for the person who opened it. An unjustified access ends at once.
    """
    access = await queries.lock_access(change, access_id)
    require_version(access.version, version)
    if access.reviewed_at is not None:
        raise StateConflict(state="reviewed", allowed=[])
    if access.subject == change.caller.subject:
        raise OwnDecision()
    sealed = await _seal_note(change, access, review.note)
    # If the hour is over, the relation may already belong to a later access.
    is_unjustified = review.verdict is BreakGlassVerdict.NOT_JUSTIFIED
    statement = (
        update(BreakGlass)
        .where(col(BreakGlass.id) == access_id)
        .values(
            verdict=review.verdict,
            reviewed_by=change.caller.subject,
            reviewed_at=now,
            ends_at=min(now, access.ends_at) if is_unjustified else access.ends_at,
            sealed=sealed,
            version=BreakGlass.version + 1,
            changed_at=func.now(),
        )
        .returning(*queries.BREAK_GLASS.c)
    )
    after = BreakGlass(**(await change.one(statement))._mapping)
    if is_unjustified and access.ends_at > now:
        holder = account_holder(after.subject)
        await unrelate(change, holder, RELATION, [after.person_id])
    _record(change, "review_break_glass", after, "reviewed")
    return await queries.get_shown(change, after)


async def _seal_note(change: Change, access: BreakGlass, note: str) -> bytes:
    """The sealed reason of an access, with the reviewer's note added."""
    # The key stays locked until the end: an erasure waits, and then removes this text
    # as well.
    key = await get_key(change, access.person_id)
    place = place_of("break_glass", access.id)
    return seal(key, place, unseal(key, place, access.sealed) | {"note": note})
