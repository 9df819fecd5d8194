"""Every change of a retention run."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.casework.erasures.actions import Approval, erase_person
from services.casework.erasures.queries import lock_person_to_erase
from services.casework.permissions import Permission
from services.casework.problems import (
    LegalHoldPlaced,
    OwnDecision,
    PersonNotFound,
    RetentionRunNotDue,
)
from services.casework.retention_runs import queries
from services.casework.retention_runs.models import RetentionRun
from services.casework.retention_runs.rules import (
    Outcome,
    RunState,
    RunVerb,
    allowed_verbs,
    proposal,
)
from services.casework.retention_runs.schemas import (
    RetentionRunPropose,
    RetentionRunResult,
)
from services.chassis.background import jobs
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground import clock
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.access import demand
from services.chassis.trust.vault import Erased

KIND = "carry_out_retention"


def _record(change: Change, action: str, run: RetentionRun, event: str) -> None:
    subject = Subject(f"retention-runs/{run.id}", run.version, run.county_terc)
    change.record(action, subject, f"retention-run.{event}", counts=run.counts)


async def propose_run(change: Change, new: RetentionRunPropose) -> Stored:
    """Say who falls due in one of the caller's counties on a day. Nothing is erased."""
    demand(change.caller, Permission.RETAIN, county=new.county_terc)
    judged = await queries.list_due(change, new.county_terc, new.as_of)
    people, counts = proposal([(str(person), outcome) for person, outcome in judged])
    values = new.model_dump() | {
        "state": RunState.PROPOSED,
        # Kept in the run: a second person decides on these people, and on nobody since.
        "people": people,
        "counts": counts,
        "proposed_by": change.caller.subject,
    }
    statement = insert(RetentionRun).values(**values).returning(*queries.RUNS.c)
    run = RetentionRun(**(await change.one(statement))._mapping)
    _record(change, "propose_run", run, "proposed")
    return queries.shown(run)


async def _lock_to_decide(
    change: Change, run_id: UUID, version: int, verb: RunVerb
) -> RetentionRun:
    run = await queries.lock_run(change, run_id)
    require_version(run.version, version)
    state = RunState(run.state)
    if verb not in allowed_verbs(state):
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    # Either decision is a second person's: a run that was declined stays on record.
    if run.proposed_by == change.caller.subject:
        raise OwnDecision()
    return run


async def _update(change: Change, run_id: UUID, **values: Any) -> RetentionRun:
    statement = (
        update(RetentionRun)
        .where(col(RetentionRun.id) == run_id)
        .values(**values, version=RetentionRun.version + 1, changed_at=func.now())
        .returning(*queries.RUNS.c)
    )
    return RetentionRun(**(await change.one(statement))._mapping)


async def decline_run(
    change: Change, run_id: UUID, version: int, now: datetime
) -> Stored:
    """Let nobody be erased by a run. Whoever proposed it does not decide that either."""
    await _lock_to_decide(change, run_id, version, RunVerb.DECLINE)
    decided = {"decided_by": change.caller.subject, "decided_at": now}
    run = await _update(change, run_id, state=RunState.DECLINED, **decided)
    _record(change, "decline_run", run, "declined")
    return queries.shown(run)


async def carry_out_run(
    change: Change, run_id: UUID, version: int, now: datetime, today: date
) -> Stored:
    """Let a job erase whom a run names. Whoever proposed it does not decide that."""
    run = await _lock_to_decide(change, run_id, version, RunVerb.CARRY_OUT)
    if run.as_of > today:
        raise RetentionRunNotDue()
    # In this transaction: no approval without its job, and no job without its approval.
    job_id = await jobs.enqueue(change, change.caller, KIND, {"run_id": str(run_id)})
    decided = {"decided_by": change.caller.subject, "decided_at": now, "job_id": job_id}
    run = await _update(change, run_id, state=RunState.APPROVED, **decided)
    _record(change, "approve_run", run, "approved")
    return queries.shown(run)


async def _carry_out(change: Change, job: jobs.JobRun) -> jobs.Outcome:
    """The job: everybody is a transaction of their own,
    so that one who is kept keeps nobody else.
    """
    run = await queries.get_run(change, UUID(job.parameters["run_id"]))
    job.total, erased = len(run.people), 0
    for person_id in run.people:
        # The job's own transaction must not look idle meanwhile.
        await change.fetchval("SELECT 1")
        erased += await _erase_if_due(job, run, UUID(person_id))
        job.done += 1
    outcome = {"erased": erased, "kept": len(run.people) - erased}
    counts = run.counts | outcome
    after = await _update(change, run.id, state=RunState.CARRIED_OUT, counts=counts)
    _record(change, "carry_out_run", after, "carried-out")
    return jobs.Outcome(RetentionRunResult(**outcome))


async def _erase_if_due(job: jobs.JobRun, run: RetentionRun, person_id: UUID) -> bool:
    """Whether somebody is erased now,
    by this attempt or one before that did not end.
    """
    approval = Approval(f"retention run {run.id}", str(run.decided_by), clock.now())
    try:
        async with job.database.change(job.caller) as change:
            await lock_person_to_erase(change, person_id)
            county, as_of = run.county_terc, run.as_of
            # Under the lock: a case or a hold that has come since keeps the person.
            judged = await queries.list_due(change, county, as_of, person_id)
            if judged == [(person_id, Outcome.DUE)]:
                await erase_person(change, person_id, approval)
                return True
            # Of somebody who was erased nothing is due: by an earlier attempt, or by a
            # request.
            return (await lock_person_to_erase(change, person_id)).erased_at is not None
    except Erased:
        return True
    except (LegalHoldPlaced, PersonNotFound):
        return False


CARRYING_OUT = jobs.Job(
    KIND, _carry_out, RetentionRunResult, permission=Permission.RETAIN
)
