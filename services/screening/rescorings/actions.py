"""Scoring again: asked for, computed in the background, and accepted or discarded by a person."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, text, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.answers import Answer, created, etag
from services.chassis.callers import Caller
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.correlation import trace_id
from services.chassis.jobs import Job, JobRun, Outcome, enqueue
from services.chassis.listing import json_object
from services.chassis.problems import StateConflict, VersionMismatch
from services.chassis.work import Change, Record
from services.screening.campaign_counts.actions import count_results
from services.screening.instruments.queries import get_plan
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.vectors import score_many
from services.screening.norm_sets.queries import get_norms
from services.screening.permissions import Permission
from services.screening.rescorings import queries
from services.screening.rescorings.models import Rescoring
from services.screening.rescorings.rules import RescoringState, Verb, allowed_verbs
from services.screening.rescorings.schemas import RescoringCreate
from services.screening.screenings.rules.results import bands_of, is_told_otherwise

KIND = "rescoring"
ROWS_AT_ONCE = 2_000
_RETURNED = (json_object(queries.WIRE).label("body"), *queries.RESCORINGS.c)
_DECIDED = text("""
INSERT INTO rescoring_decisions (rescoring_id, screening_id, county_terc, state, old_norm_set_id, old_outcome,
                                 new_outcome, old_bands, new_bands, is_changing, new_result)
SELECT CAST(:rescoring_id AS uuid), screening_id, county_terc, state, old_norm_set_id, old_outcome, new_outcome,
       old_bands, new_bands, is_changing, new_result
FROM jsonb_to_recordset(CAST(:decisions AS jsonb)) AS given(
    screening_id uuid, county_terc text, state text, old_norm_set_id uuid, old_outcome text, new_outcome text,
    old_bands jsonb, new_bands jsonb, is_changing boolean, new_result jsonb)
""")
_ACCEPT = text("""
WITH chosen AS (
    SELECT screening.id, screening.version, screening.county_terc, screening.result, screening.outcome,
           screening.norm_set_id, decision.new_result, decision.new_outcome, decision.is_changing,
           decision.new_bands
    FROM rescoring_decisions AS decision JOIN screenings AS screening ON screening.id = decision.screening_id
    WHERE decision.rescoring_id = :rescoring_id AND screening.state IN ('scored', 'confirmed')
      AND screening.norm_set_id IS NOT DISTINCT FROM decision.old_norm_set_id
      AND screening.result IS DISTINCT FROM decision.new_result
    FOR UPDATE OF screening
), kept AS (
    INSERT INTO replaced_results (screening_id, version, county_terc, result, outcome, norm_set_id, rescoring_id,
                                  replaced_by)
    SELECT id, version, county_terc, result, outcome, norm_set_id, CAST(:rescoring_id AS uuid), CAST(:actor AS text)
    FROM chosen
), changed AS (
    UPDATE screenings AS screening
    SET result = chosen.new_result, outcome = chosen.new_outcome, norm_set_id = CAST(:norm_set_id AS uuid),
        scored_at = now(), changed_at = now(), version = screening.version + 1,
        state = CASE WHEN is_changing THEN 'scored' ELSE state END,
        confirmed_by = CASE WHEN is_changing THEN NULL ELSE confirmed_by END,
        confirmed_at = CASE WHEN is_changing THEN NULL ELSE confirmed_at END
    FROM chosen WHERE screening.id = chosen.id
    RETURNING screening.*, chosen.is_changing, chosen.new_bands
), told AS (
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'screening.screening.rescored', 'screenings/' || id, version, county_terc,
           jsonb_strip_nulls(jsonb_build_object(
               'href', '/v1/screening/screenings/' || id, 'subject_ref', subject_ref, 'institution_id', institution_id,
               'campaign_id', campaign_id, 'rescoring_id', CAST(:rescoring_id AS text))),
           CAST(:trace_id AS text)
    FROM changed
), noted AS (
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, institution_id, detail, trace_id)
    SELECT CAST(:actor AS text), 'accept_rescoring', 'screenings/' || id, 'changed', county_terc, institution_id,
           jsonb_build_object('rescoring_id', CAST(:rescoring_id AS text)), CAST(:trace_id AS text)
    FROM changed
)
SELECT count(*),
       coalesce(json_agg(json_build_object(
           'campaign_id', campaign_id, 'stage', stage, 'subject_ref', subject_ref, 'county_terc', county_terc,
           'implementer', implementer, 'sex', sex, 'age_months', age_months, 'instrument', instrument_code,
           'screening_id', id, 'outcome', outcome, 'bands', new_bands, 'direction', 1))
           FILTER (WHERE campaign_id IS NOT NULL AND is_changing), '[]')::text
FROM changed
""")
"""A person confirmed what is no longer said: a changed decision waits to be confirmed anew."""


def _note(
    change: Change, caller: Caller, action: str, event: str, row: Record, **told: Any
) -> None:
    subject = f"rescorings/{row.id}"
    audit.record(change, caller, action, subject, detail=told)
    events.emit(
        change,
        f"screening.rescoring.{event}",
        subject,
        row.version,
        data={"href": f"/v1/screening/{subject}"},
    )


async def create_rescoring(
    change: Change, caller: Caller, new: RescoringCreate
) -> Answer:
    """Ask for a population to be scored again; the computing begins with the commit."""
    for county in new.counties:
        demand(caller, Permission.RESCORE, county=county)
    await get_plan(change, new.instrument_code, new.instrument_version, or_retired=True)
    await queries.require_norm_set(
        change, new.instrument_code, new.instrument_version, new.norm_set_id
    )
    values = new.model_dump() | {
        "counties": sorted({*new.counties}),
        "requested_by": caller.subject,
    }
    added = insert(Rescoring).values(**values).returning(queries.RESCORINGS.c.id)
    rescoring_id: UUID = await change.scalar(added)
    job_id = await enqueue(change, caller, KIND, {"rescoring_id": str(rescoring_id)})
    with_job = (
        update(Rescoring).where(col(Rescoring.id) == rescoring_id).values(job_id=job_id)
    )
    row = await change.one(with_job.returning(*_RETURNED))
    _note(change, caller, "create_rescoring", "created", row)
    return created(
        row.body, etag(row.id, row.version), f"/v1/screening/rescorings/{row.id}"
    )


async def _change(change: Change, row: Record, values: dict[str, Any]) -> Record:
    stamped = {**values, "version": row.version + 1, "changed_at": func.now()}
    statement = update(Rescoring).where(col(Rescoring.id) == row.id).values(**stamped)
    return await change.one(statement.returning(*_RETURNED))


async def _compute(change: Change, run: JobRun) -> Outcome:
    """Score everything again beside what it came to; a re-scoring that was discarded meanwhile is left alone."""
    row = await queries.lock_rescoring(
        change, run.caller, UUID(run.parameters["rescoring_id"])
    )
    if row.state != RescoringState.COMPUTING:
        return Outcome({"considered": 0, "changing": 0})
    plan = await get_plan(
        change, row.instrument_code, row.instrument_version, or_retired=True
    )
    norms = await get_norms(change, row.norm_set_id)
    after, considered, changing = None, 0, 0
    while some := await queries.list_population(change, row, after, ROWS_AT_ONCE):
        decisions = await asyncio.to_thread(_decisions, plan, norms, some)
        values = {
            "rescoring_id": row.id,
            "decisions": json.dumps(decisions, default=str),
        }
        await change.execute(_DECIDED, values)
        after, considered = some[-1].id, considered + len(some)
        changing += sum(decision["is_changing"] for decision in decisions)
        run.done = considered
    counts = {"considered": considered, "changing": changing}
    done = await _change(change, row, {"state": RescoringState.COMPUTED, **counts})
    _note(change, run.caller, "compute_rescoring", "computed", done, **counts)
    return Outcome(counts)


def _decisions(
    plan: Plan, norms: Norms, rows: Sequence[Record]
) -> list[dict[str, Any]]:
    """What each would come to, form by form."""
    found = []
    for form in sorted({row.form_code for row in rows}):
        some = [row for row in rows if row.form_code == form]
        ages, sexes = [row.age_months for row in some], [row.sex for row in some]
        answers, informants = (
            [row.answers for row in some],
            [row.informant for row in some],
        )
        results = score_many(plan, form, answers, ages, sexes, informants, norms)
        for row, result in zip(some, results, strict=True):
            new = result.as_json()
            found.append(
                {
                    "screening_id": row.id,
                    "county_terc": row.county_terc,
                    "state": row.state,
                    "old_norm_set_id": row.norm_set_id,
                    "old_outcome": row.result["outcome"],
                    "new_outcome": new["outcome"],
                    "old_bands": bands_of(row.result),
                    "new_bands": bands_of(new),
                    "is_changing": is_told_otherwise(row.result, new),
                    "new_result": new,
                }
            )
    return found


async def _locked_for(
    change: Change, caller: Caller, rescoring_id: UUID, if_match: IfMatch, verb: Verb
) -> Record:
    row = await queries.lock_rescoring(change, caller, rescoring_id)
    if expected_version(if_match, rescoring_id) != row.version:
        raise VersionMismatch()
    if verb not in (allowed := allowed_verbs(row.state)):
        raise StateConflict(state=row.state, allowed=allowed)
    return row


async def accept_rescoring(
    change: Change, caller: Caller, rescoring_id: UUID, if_match: IfMatch, now: datetime
) -> Answer:
    """Replace the results; what was said before is kept. What changed in between by itself is left as it is."""
    row = await _locked_for(change, caller, rescoring_id, if_match, Verb.ACCEPT)
    values = {
        "rescoring_id": row.id,
        "norm_set_id": row.norm_set_id,
        "actor": caller.subject,
        "trace_id": trace_id(),
    }
    applied, moved = await change.one(_ACCEPT, values=values)
    await count_results(change, moved)
    decided = {
        "state": RescoringState.ACCEPTED,
        "decided_by": caller.subject,
        "decided_at": now,
        "applied": applied,
    }
    after = await _change(change, row, decided)
    _note(change, caller, "accept_rescoring", "accepted", after, applied=applied)
    return await queries.get_rescoring(change, None, caller, rescoring_id)


async def discard_rescoring(
    change: Change, caller: Caller, rescoring_id: UUID, if_match: IfMatch, now: datetime
) -> Answer:
    """Leave every result as it is. The list stays readable."""
    row = await _locked_for(change, caller, rescoring_id, if_match, Verb.DISCARD)
    decided = {
        "state": RescoringState.DISCARDED,
        "decided_by": caller.subject,
        "decided_at": now,
    }
    after = await _change(change, row, decided)
    _note(change, caller, "discard_rescoring", "discarded", after)
    return await queries.get_rescoring(change, None, caller, rescoring_id)


COMPUTING = Job(KIND, _compute, permission=Permission.RESCORE)
