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
    """Propose a run: the people who are due in one of the caller's counties on a day.
    Nothing is erased.
    """
    demand(change.caller, Permission.RETAIN, county=new.county_terc)
    outcomes = await queries.list_due(change, new.county_terc, new.as_of)
    people, counts = proposal([(str(person), outcome) for person, outcome in outcomes])
    values = new.model_dump() | {
        "state": RunState.PROPOSED,
        # Stored in the run, so that the second person decides on exactly these people.
        "people": people,
        "counts": counts,
        "proposed_by": change.caller.subject,
    }
    statement = insert(RetentionRun).values(**values).returning(*queries.RUNS.c)
    run = RetentionRun(**(await change.one(statement))._mapping)
    _record(change, "propose_run", run, "proposed")
    return queries.to_stored(run)


async def _lock_to_decide(
    change: Change, run_id: UUID, version: int, verb: RunVerb
) -> RetentionRun:
    run = await queries.lock_run(change, run_id)
    require_version(run.version, version)
    state = RunState(run.state)
    if verb not in allowed_verbs(state):
        raise StateConflict(state=state.value, allowed=allowed_verbs(state))
    # Both decisions need a second person, because a declined run stays on record, too.
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
    """Decline a run. The person who proposed it must not decide."""
    await _lock_to_decide(change, run_id, version, RunVerb.DECLINE)
    decision = {"decided_by": change.caller.subject, "decided_at": now}
    run = await _update(change, run_id, state=RunState.DECLINED, **decision)
    _record(change, "decline_run", run, "declined")
    return queries.to_stored(run)


async def carry_out_run(
    change: Change, run_id: UUID, version: int, now: datetime, today: date
) -> Stored:
    """Approve a run: a job erases its people.
    The person who proposed it must not decide.
    """
    run = await _lock_to_decide(change, run_id, version, RunVerb.CARRY_OUT)
    if run.as_of > today:
        raise RetentionRunNotDue()
    # In this transaction, so that approval and job are committed together.
    job_id = await jobs.enqueue(change, change.caller, KIND, {"run_id": str(run_id)})
    decision = {
        "decided_by": change.caller.subject,
        "decided_at": now,
        "job_id": job_id,
    }
    run = await _update(change, run_id, state=RunState.APPROVED, **decision)
    _record(change, "approve_run", run, "approved")
    return queries.to_stored(run)


async def _carry_out(change: Change, job: jobs.JobRun) -> jobs.Outcome:
    """The job. One transaction for each person, so that a failure for one does not
    affect the others.
    """
    run = await queries.get_run(change, UUID(job.parameters["run_id"]))
    job.total, erased = len(run.people), 0
    for person_id in run.people:
        # A statement, so that the job's own transaction does not look idle.
        await change.fetchval("SELECT 1")
        erased += await _erase_if_due(job, run, UUID(person_id))
        job.done += 1
    outcome = {"erased": erased, "kept": len(run.people) - erased}
    counts = run.counts | outcome
    after = await _update(change, run.id, state=RunState.CARRIED_OUT, counts=counts)
    _record(change, "carry_out_run", after, "carried-out")
    return jobs.Outcome(RetentionRunResult(**outcome))


async def _erase_if_due(job: jobs.JobRun, run: RetentionRun, person_id: UUID) -> bool:
    """Whether a person is erased after this call, by this attempt or by an earlier one
    that was interrupted.
    """
    approval = Approval(f"retention run {run.id}", str(run.decided_by), clock.now())
    try:
        async with job.database.change(job.caller) as change:
            await lock_person_to_erase(change, person_id)
            county, as_of = run.county_terc, run.as_of
            # Checked under the lock: a new case or hold prevents the erasure.
            outcomes = await queries.list_due(change, county, as_of, person_id)
            if outcomes == [(person_id, Outcome.DUE)]:
                await erase_person(change, person_id, approval)
                return True
            # `list_due` leaves out erased people: an earlier attempt or a request may
            # have erased this one.
            return (await lock_person_to_erase(change, person_id)).erased_at is not None
    except Erased:
        return True
    except (LegalHoldPlaced, PersonNotFound):
        return False


CARRYING_OUT = jobs.Job(
    KIND, _carry_out, RetentionRunResult, permission=Permission.RETAIN
)
