"""Re-scorings: requested, computed in the background, and accepted or discarded by a person."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.background.jobs import Job, JobRun, Outcome, enqueue
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.correlation import trace_id
from services.chassis.ground.problems import StateConflict
from services.chassis.trust.access import demand
from services.screening.campaign_counts.actions import count_results
from services.screening.instruments.queries import get_plan
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.vectors import score_many
from services.screening.norm_sets.queries import get_norms
from services.screening.permissions import Permission
from services.screening.rescorings import queries, statements
from services.screening.rescorings.models import Rescoring
from services.screening.rescorings.rules import (
    Decision,
    RescoringState,
    ScoredScreening,
    Verb,
    allowed_verbs,
    decision_of,
)
from services.screening.rescorings.schemas import RescoringCreate, RescoringResult

KIND = "rescoring"
# The number of screenings that are in memory, and in one statement, at once.
ROWS_AT_ONCE = 2_000


def _record(
    change: Change, action: str, event: str, rescoring: Stored, **detail: Any
) -> None:
    """Write the audit record and the event of a new version; only the audit record has `detail`."""
    subject = Subject(f"rescorings/{rescoring.key}", rescoring.version)
    change.record(action, subject, **detail)
    change.tell(f"rescoring.{event}", subject)


async def create_rescoring(change: Change, new: RescoringCreate) -> Stored:
    """Request a re-scoring of a population; its job starts after the commit."""
    # The permission is demanded for every county: results may be replaced in each.
    for county in new.counties:
        demand(change.caller, Permission.RESCORE, county=county)
    version = (new.instrument_code, new.instrument_version)
    await get_plan(change, *version, or_retired=True)
    await queries.require_norm_set(change, *version, new.norm_set_id)
    values = new.model_dump() | {
        "counties": sorted({*new.counties}),
        "requested_by": change.caller.subject,
    }
    statement = insert(Rescoring).values(**values).returning(col(Rescoring.id))
    rescoring_id: UUID = await change.scalar(statement)
    parameters = {"rescoring_id": str(rescoring_id)}
    job_id = await enqueue(change, change.caller, KIND, parameters)
    # In two steps: the job needs the id of the re-scoring, and the re-scoring that of
    # its job.
    with_job = update(Rescoring).where(col(Rescoring.id) == rescoring_id)
    with_job = with_job.values(job_id=job_id)
    rescoring = await change.stored(with_job.returning(*queries.STORED))
    _record(change, "create_rescoring", "created", rescoring)
    return rescoring


async def _change(change: Change, rescoring_id: UUID, values: dict[str, Any]) -> Stored:
    statement = update(Rescoring).where(col(Rescoring.id) == rescoring_id)
    stamp = {"version": Rescoring.version + 1, "changed_at": func.now()}
    statement = statement.values(**values, **stamp)
    return await change.stored(statement.returning(*queries.STORED))


async def _compute(change: Change, run: JobRun) -> Outcome:
    """The job: compute the new result of each screening and store it beside the present one.

    Nothing is done for a re-scoring that was discarded meanwhile.
    """
    rescoring_id = UUID(run.parameters["rescoring_id"])
    rescoring = await queries.lock_rescoring(change, rescoring_id)
    # It may have been discarded while the job waited for its turn.
    if rescoring.state != RescoringState.COMPUTING:
        return Outcome(RescoringResult(considered=0, changing=0))
    version = (rescoring.instrument_code, rescoring.instrument_version)
    plan = await get_plan(change, *version, or_retired=True)
    norms = await get_norms(change, rescoring.norm_set_id)
    last_id, considered, changing = None, 0, 0
    while screenings := await queries.list_population(
        change, rescoring, last_id, ROWS_AT_ONCE
    ):
        # In a thread: thousands of forms take seconds, in which other requests
        # must be answered.
        decisions = await asyncio.to_thread(_decisions, plan, norms, screenings)
        await _keep(change, rescoring_id, decisions)
        last_id, considered = screenings[-1].id, considered + len(screenings)
        changing += sum(decision.is_changing for decision in decisions)
        run.done = considered
    counts = {"considered": considered, "changing": changing}
    values = {"state": RescoringState.COMPUTED, **counts}
    stored_rescoring = await _change(change, rescoring_id, values)
    _record(change, "compute_rescoring", "computed", stored_rescoring, **counts)
    return Outcome(RescoringResult(**counts))


async def _keep(
    change: Change, rescoring_id: UUID, decisions: Sequence[Decision]
) -> None:
    rows = [decision._asdict() for decision in decisions]
    values = {
        "rescoring_id": rescoring_id,
        "decisions": json.dumps(rows, default=str),
    }
    await change.execute(statements.KEEP_DECISIONS, values)


def _decisions(
    plan: Plan, norms: Norms, screenings: Sequence[ScoredScreening]
) -> list[Decision]:
    """The decision about each screening, computed form by form."""
    decisions = []
    for form in sorted({screening.form_code for screening in screenings}):
        of_form = [screening for screening in screenings if screening.form_code == form]
        results = score_many(
            plan,
            form,
            [screening.answers for screening in of_form],
            [
                Child(screening.age_months, screening.sex, screening.informant)
                for screening in of_form
            ],
            norms,
        )
        decisions += [
            decision_of(screening, result)
            for screening, result in zip(of_form, results, strict=True)
        ]
    return decisions


async def _lock_rescoring_for(
    change: Change, verb: Verb, rescoring_id: UUID, version: int
) -> Rescoring:
    """The re-scoring, locked: in reach, unchanged since the caller read it, in a state
    for the verb.
    """
    rescoring = await queries.lock_rescoring(change, rescoring_id)
    require_version(rescoring.version, version)
    allowed = allowed_verbs(rescoring.state)
    if verb not in allowed:
        raise StateConflict(state=rescoring.state, allowed=allowed)
    return rescoring


async def accept_rescoring(
    change: Change, rescoring_id: UUID, version: int, now: datetime
) -> Stored:
    """Replace the results; the earlier ones are kept in `replaced_results`.

    Screenings that have changed since the computation are left as they are.
    """
    rescoring = await _lock_rescoring_for(change, Verb.ACCEPT, rescoring_id, version)
    values = {
        "rescoring_id": rescoring_id,
        "norm_set_id": rescoring.norm_set_id,
        "actor": change.caller.subject,
        "trace_id": trace_id(),
    }
    applied, results_json = await change.one(statements.ACCEPT, values=values)
    await count_results(change, results_json)
    columns = {
        "state": RescoringState.ACCEPTED,
        "decided_by": change.caller.subject,
        "decided_at": now,
        "applied": applied,
    }
    stored_rescoring = await _change(change, rescoring_id, columns)
    _record(change, "accept_rescoring", "accepted", stored_rescoring, applied=applied)
    return stored_rescoring


async def discard_rescoring(
    change: Change, rescoring_id: UUID, version: int, now: datetime
) -> Stored:
    """Leave every result as it is. The list of new results stays readable."""
    await _lock_rescoring_for(change, Verb.DISCARD, rescoring_id, version)
    columns = {
        "state": RescoringState.DISCARDED,
        "decided_by": change.caller.subject,
        "decided_at": now,
    }
    stored_rescoring = await _change(change, rescoring_id, columns)
    _record(change, "discard_rescoring", "discarded", stored_rescoring)
    return stored_rescoring


COMPUTING = Job(KIND, _compute, RescoringResult, permission=Permission.RESCORE)
