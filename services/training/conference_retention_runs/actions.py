"""Every change of a retention run: one person proposes, another one decides."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import civil_date
from services.chassis.ground.problems import StateConflict, refuse
from services.training.conference_attendances.models import (
    ConferenceAttendanceCorrection,
    ConferenceCount,
)
from services.training.conference_attendances.queries import counted
from services.training.conference_registrations.models import ConferenceRegistration
from services.training.conference_registrations.queries import REGISTRATIONS
from services.training.conference_retention_rules.queries import find_months
from services.training.conference_retention_rules.rules import is_over
from services.training.conference_retention_runs import queries
from services.training.conference_retention_runs.models import ConferenceRetentionRun
from services.training.conference_retention_runs.rules import (
    MOST_CONFERENCES,
    RunState,
    RunVerb,
    allowed_verbs,
)
from services.training.conferences.actions import change_conference
from services.training.conferences.queries import lock_conference
from services.training.problems import ConferenceRetentionRuleMissing, SubmitterDecides

Run = ConferenceRetentionRun


def _record(change: Change, action: str, run: Stored, event: str) -> None:
    subject = Subject(f"conference-retention-runs/{run.key}", run.version)
    change.record(action, subject, f"conference-retention-run.{event}")


async def propose_run(change: Change, as_of: date, today: date) -> Stored:
    """Propose a run over the conferences whose months are over on a day; erase nobody.

    ConferenceRetentionRuleMissing where no rule is valid on that day.
    """
    if as_of > today:
        refuse(("as_of", "in_future"))
    months = await find_months(change, as_of)
    # Without a rule nothing falls due: an erasure cannot be undone.
    if months is None:
        raise ConferenceRetentionRuleMissing()
    async with acting_everywhere(change):
        due = (await queries.list_due(change, as_of, months))[:MOST_CONFERENCES]
    statement = insert(Run).values(
        as_of=as_of,
        months=months,
        state=RunState.PROPOSED,
        # Stored in the run: the second person decides on exactly these.
        conference_ids=[each.conference_id for each in due],
        registrations=sum(each.registrations for each in due),
        proposed_by=change.caller.subject,
    )
    run = await change.stored(statement.returning(*queries.STORED))
    _record(change, "propose_conference_retention_run", run, "proposed")
    return run


async def decide_run(
    change: Change, run_id: UUID, verb: RunVerb, version: int, now: datetime
) -> Stored:
    """Carry a run out, or decline it. SubmitterDecides where the caller proposed it."""
    run = await queries.lock_run(change, run_id)
    require_version(run.version, version)
    allowed = allowed_verbs(RunState(run.state))
    if verb not in allowed:
        raise StateConflict(state=run.state, allowed=allowed)
    # A second person decides, since an erasure cannot be undone.
    if run.proposed_by == change.caller.subject:
        raise SubmitterDecides()
    values: dict[str, Any] = {"state": RunState.DECLINED}
    if verb is RunVerb.CARRY_OUT:
        async with acting_everywhere(change):
            # Sorted, so that two runs lock the same conferences in one order.
            ids = sorted(run.conference_ids)
            erased_count = sum(
                [await _erase_if_due(change, run, each, now) for each in ids]
            )
        values = {"state": RunState.CARRIED_OUT, "erased": erased_count}
    values |= {"decided_by": change.caller.subject, "decided_at": now}
    statement = update(Run).where(col(Run.id) == run_id)
    statement = statement.values(
        **values, version=Run.version + 1, changed_at=func.now()
    )
    after = await change.stored(statement.returning(*queries.STORED))
    action = f"{verb.replace('-', '_')}_conference_retention_run"
    _record(change, action, after, values["state"].replace("_", "-"))
    return after


async def _erase_if_due(
    change: Change, run: Run, conference_id: UUID, now: datetime
) -> int:
    """Erase a conference's registrations if they are due, and store their counts.

    Returns how many were erased.
    """
    # Checked again under the lock: the conference may have been moved or erased.
    conference = await lock_conference(change, conference_id)
    ended_on = civil_date(conference.ends_at)
    if conference.registrants_erased_at is not None:
        return 0
    if not is_over(ended_on, run.months, run.as_of):
        return 0
    names = ("conference_id", "audience", "registered", "attended", "absent")
    of = counted(conference_id).subquery()
    counts = select(literal(conference_id), *(of.c[name] for name in names[1:]))
    await change.execute(insert(ConferenceCount).from_select([*names], counts))
    is_of = REGISTRATIONS.c.conference_id == conference_id
    registration_ids = select(REGISTRATIONS.c.id).where(is_of)
    corrections = col(ConferenceAttendanceCorrection.registration_id)
    await change.execute(
        delete(ConferenceAttendanceCorrection).where(corrections.in_(registration_ids))
    )
    rows = await change.rows(
        delete(ConferenceRegistration).where(is_of).returning(REGISTRATIONS.c.id)
    )
    action, event = "erase_conference_registrants", "registrants-erased"
    await change_conference(
        change, conference_id, action, event, registrants_erased_at=now
    )
    return len(rows)
