"""Every change of a check-in: the authority writes it, somebody else decides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import civil_date
from services.chassis.ground.problems import refuse
from services.training.authorities.actions import require_allowed
from services.training.authorities.queries import lock_worked
from services.training.authorities.rules import WorkState
from services.training.check_ins import queries
from services.training.check_ins.models import CheckIn
from services.training.check_ins.rules import NUMBERS, period_of
from services.training.check_ins.schemas import CheckInBegin, CheckInContent
from services.training.permissions import Permission
from services.training.problems import CheckInTooEarly, SubmitterDecides

_WRITE, _DECIDE = Permission.WRITE_AUTHORITY_WORK, Permission.DECIDE_CHECK_INS


def _record(change: Change, action: str, check_in: CheckIn, event: str) -> None:
    path = f"authorities/{check_in.authority_id}/check-ins/{check_in.id}"
    subject = Subject(path, check_in.version, check_in.county_terc)
    # The content, such as the money spent, is not in the event.
    detail: dict[str, Any] = {"kind": check_in.kind, "number": check_in.number}
    change.record(action, subject, f"check-in.{event}", **detail)


async def begin_check_in(
    change: Change, authority_id: UUID, new: CheckInBegin, now: datetime
) -> Stored:
    """Begin the check-in of a period that has begun; otherwise CheckInTooEarly."""
    authority = await lock_worked(change, authority_id, _WRITE)
    if new.number not in NUMBERS[new.kind]:
        refuse(("number", "too_large"))
    today = civil_date(now)
    window = queries.window_of(authority, new.kind)
    if window is None:
        raise CheckInTooEarly(state=authority.state, starts_on=None, ends_on=None)
    period = period_of(new.kind, new.number, window)
    # A draft may begin with the period; submitting has to wait for its end.
    if today < period.starts_on:
        raise CheckInTooEarly(state=authority.state, **_period_detail(period))
    content = new.model_dump(mode="json", exclude={"kind", "number"})
    statement = insert(CheckIn).values(
        county_terc=authority.county_terc,
        authority_id=authority_id,
        kind=new.kind,
        number=new.number,
        content=content,
        **period._asdict(),
    )
    row = await change.one(statement.returning(*queries.CHECK_INS.c))
    check_in = CheckIn(**row._mapping)
    _record(change, "begin_check_in", check_in, "begun")
    return await queries.get_check_in(change, authority_id, check_in.id, today)


def _period_detail(period: Any) -> dict[str, Any]:
    """The first and last day of a period, for a refusal."""
    return {
        "starts_on": period.starts_on.isoformat(),
        "ends_on": period.ends_on.isoformat(),
    }


async def _lock(
    change: Change, authority_id: UUID, check_in_id: UUID, version: int, verb: str
) -> CheckIn:
    """A check-in whose state allows the verb, locked."""
    permission = _DECIDE if verb in {"accept", "return"} else _WRITE
    # The authority before its check-in: one lock order for all its work.
    await lock_worked(change, authority_id, permission)
    check_in = await queries.lock_check_in(
        change, authority_id, check_in_id, permission
    )
    require_version(check_in.version, version)
    require_allowed(check_in.state, verb)
    return check_in


async def _change(
    change: Change, check_in: CheckIn, verb: str, now: datetime, **values: Any
) -> Stored:
    stamp = {"version": CheckIn.version + 1, "changed_at": func.now()}
    statement = update(CheckIn).where(col(CheckIn.id) == check_in.id)
    row = await change.one(
        statement.values(**values, **stamp).returning(*queries.CHECK_INS.c)
    )
    after = CheckIn(**row._mapping)
    event = values["state"].value if "state" in values else "revised"
    _record(change, f"{verb}_check_in", after, event)
    today = civil_date(now)
    return await queries.get_check_in(change, after.authority_id, after.id, today)


async def revise_check_in(
    change: Change,
    authority_id: UUID,
    check_in_id: UUID,
    content: CheckInContent,
    version: int,
    now: datetime,
) -> Stored:
    """Replace the content of a check-in that is not submitted."""
    check_in = await _lock(change, authority_id, check_in_id, version, "revise")
    values = {"content": content.model_dump(mode="json")}
    return await _change(change, check_in, "revise", now, **values)


async def submit_check_in(
    change: Change, authority_id: UUID, check_in_id: UUID, version: int, now: datetime
) -> Stored:
    """Submit a check-in whose period is over; otherwise CheckInTooEarly."""
    check_in = await _lock(change, authority_id, check_in_id, version, "submit")
    today = civil_date(now)
    # Not on the last day, which still belongs to the period.
    if today <= check_in.ends_on:
        raise CheckInTooEarly(state=check_in.state, **_period_detail(check_in))
    values = {
        "state": WorkState.SUBMITTED,
        # A second submission keeps the first day, which decides about lateness.
        "first_submitted_on": check_in.first_submitted_on or today,
        "submitted_at": now,
        "submitted_by": change.caller.subject,
        "decided_at": None,
        "decided_by": None,
        "returning_reason": None,
    }
    return await _change(change, check_in, "submit", now, **values)


async def decide_check_in(
    change: Change,
    authority_id: UUID,
    check_in_id: UUID,
    version: int,
    now: datetime,
    returning_reason: str | None = None,
) -> Stored:
    """Accept a submitted check-in for good, or return it for a reason.

    SubmitterDecides where the caller has submitted it.
    """
    verb = "return" if returning_reason else "accept"
    check_in = await _lock(change, authority_id, check_in_id, version, verb)
    if check_in.submitted_by == change.caller.subject:
        raise SubmitterDecides()
    values = {
        "state": WorkState.RETURNED if returning_reason else WorkState.ACCEPTED,
        "decided_at": now,
        "decided_by": change.caller.subject,
        "returning_reason": returning_reason,
    }
    return await _change(change, check_in, verb, now, **values)
