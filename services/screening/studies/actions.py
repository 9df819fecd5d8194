"""Every change of a study: planned, given a criterion, run, exported. What is computed is computed elsewhere."""

import asyncio
import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, text, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.answers import Answer, created, etag
from services.chassis.callers import Caller
from services.chassis.child_processes import child_process, end_process
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.imports import Import, Merged, reject
from services.chassis.jobs import Job, JobRun, Outcome, enqueue
from services.chassis.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.work import Change, Record
from services.screening.instruments.rules.licences import public_definition
from services.screening.permissions import Permission
from services.screening.problems import SampleTooClose, StudyTooSmall
from services.screening.studies import queries
from services.screening.studies.models import (
    Study,
    StudyExport,
    StudyExportFile,
    StudyRun,
)
from services.screening.studies.rules.criteria import (
    FIELDS,
    STAGING,
    parse_criterion_row,
)
from services.screening.studies.rules.kinds import (
    LEAST_SAMPLE,
    VERBS,
    CriterionSource,
    ExportFile,
    StudyState,
)
from services.screening.studies.schemas import (
    StudyCreate,
    StudyExportCreate,
    StudyUpdate,
)
from services.screening.studies.statements import STUDIES

RUN, EXPORT = "study-run", "study-export"
_ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('studies of ' || :instrument, 0))"
)
"""Of two samples that were too close to each other the second to end is refused."""
_WORKER = "services.screening.studies.rules.worker"


def _note(
    change: Change, caller: Caller, action: str, event: str, row: Record, **detail: Any
) -> None:
    subject = f"studies/{row.id}"
    audit.record(change, caller, action, subject, detail=detail)
    data = {"href": f"/v1/screening/{subject}", **detail}
    events.emit(change, f"screening.study.{event}", subject, row.version, data=data)


def _refuse(pointer: str, code: str) -> None:
    raise ValidationFailed(FieldError("pointer", pointer, code))


async def _check(change: Change, facts: dict[str, Any]) -> None:
    """ValidationFailed or UnknownReference when what is asked does not go together."""
    if (
        facts["age_from"] is not None
        and facts["age_to"] is not None
        and facts["age_from"] >= facts["age_to"]
    ):
        _refuse("/age_to", "wrong_order")
    first, last = facts["administered_from"], facts["administered_to"]
    if first is not None and last is not None and first > last:
        _refuse("/administered_to", "wrong_order")
    if (
        facts["criterion_source"] == CriterionSource.STAGE_TWO
        and facts["campaign_id"] is None
    ):
        _refuse("/campaign_id", "missing")
    if (
        facts["criterion_source"] != CriterionSource.STAGE_TWO
        and facts["criterion_instrument"] is not None
    ):
        _refuse("/criterion_instrument", "not_allowed")
    if facts["campaign_id"] is not None:
        await queries.require_campaign(change, facts["campaign_id"])


async def _check_scale(change: Change, new: StudyCreate) -> None:
    """UnknownReference unless the version is published and has this form, and the form this scale."""
    document = await queries.get_definition(
        change, new.instrument_code, new.instrument_version
    )
    form = next(
        (form for form in document["forms"] if form["code"] == new.form_code), None
    )
    if form is None:
        raise UnknownReference(FieldError("pointer", "/form_code", "not_found"))
    if new.scale_code not in form.get("scales", []):
        raise UnknownReference(FieldError("pointer", "/scale_code", "not_found"))


async def create_study(change: Change, caller: Caller, new: StudyCreate) -> Answer:
    """Plan a study."""
    await _check_scale(change, new)
    facts = new.model_dump()
    await _check(change, facts)
    statement = insert(Study).values(**facts, created_by=caller.subject)
    row = await change.one(statement.returning(*STUDIES.c))
    _note(change, caller, "create_study", "created", row)
    answer = await queries.get_study(change, None, row.id)
    return created(
        bytes(answer.body), etag(row.id, row.version), f"/v1/screening/studies/{row.id}"
    )


async def _locked(
    change: Change, study_id: UUID, if_match: IfMatch, verb: str
) -> Record:
    """The record to change: unchanged since it was read, and in a state that allows it."""
    row = await queries.lock_study(change, study_id)
    if expected_version(if_match, study_id) != row.version:
        raise VersionMismatch()
    queries.require_ready(row, verb)
    return row


async def _change(change: Change, study_id: UUID, values: dict[str, Any]) -> Record:
    stamped = values | {"version": Study.version + 1, "changed_at": func.now()}
    changed = (
        update(Study)
        .where(col(Study.id) == study_id)
        .values(**stamped)
        .returning(*STUDIES.c)
    )
    return await change.one(changed)


async def amend_study(
    change: Change,
    caller: Caller,
    study_id: UUID,
    patch: StudyUpdate,
    if_match: IfMatch,
) -> Answer:
    """Change what the patch names of a study that has no results yet."""
    row = await _locked(change, study_id, if_match, "amend")
    given = patch.model_dump(exclude_unset=True)
    await _check(change, dict(row._mapping) | given)
    fields = sorted(name for name in given if given[name] != row._mapping[name])
    if fields:
        # A run that was broken off left the state of its beginning behind.
        changed = await _change(
            change, study_id, given | {"state": StudyState.DRAFT, "job_id": None}
        )
        _note(change, caller, "amend_study", "changed", changed, fields=fields)
    return await queries.get_study(change, None, study_id)


async def _see_every_county(change: Change, caller: Caller) -> None:
    """A study is of the whole country: its permission reaches everywhere, and so do its rows."""
    await change.act_for(replace(caller, counties=frozenset({"*"})))


async def _require_sample(
    change: Change, study: Record, children: Sequence[UUID]
) -> None:
    """StudyTooSmall or SampleTooClose, neither of which tells how many there are.

    What is too close is not asked whether it is too small for its own minimum, which could be tried one by one.
    """
    if len(children) >= LEAST_SAMPLE and await queries.sample_is_too_close(
        change, study, children
    ):
        raise SampleTooClose()
    if len(children) < study.minimum_n:
        raise StudyTooSmall(reason="children", needed=study.minimum_n)


async def run_study(
    change: Change, caller: Caller, study_id: UUID, if_match: IfMatch
) -> UUID:
    """Have a study computed, unless it has too few children or would tell of few beside an earlier one."""
    row = await _locked(change, study_id, if_match, "run")
    await _see_every_county(change, caller)
    children = await queries.list_children(change, row)
    await _require_sample(change, row, children)
    job_id = await enqueue(change, caller, RUN, {"study_id": str(study_id)})
    changed = await _change(
        change, study_id, {"state": StudyState.RUNNING, "job_id": job_id}
    )
    _note(change, caller, "run_study", "started", changed)
    return job_id


async def export_study(
    change: Change, caller: Caller, study_id: UUID, asked: StudyExportCreate
) -> UUID:
    """Have the data of a ready study made into files."""
    row = await queries.lock_study(change, study_id)
    queries.require_ready(row, "export")
    audit.record(
        change,
        caller,
        "ask_for_study_export",
        f"studies/{study_id}",
        detail=asked.model_dump(),
    )
    return await enqueue(
        change, caller, EXPORT, {"study_id": str(study_id), **asked.model_dump()}
    )


async def _worked(
    change: Change, run: JobRun, study: Record, task: str, **more: Any
) -> bytes:
    """What the process of the statistics makes of the study's screenings, which go to it as they are read."""
    document = await queries.get_definition(
        change, study.instrument_code, study.instrument_version
    )
    order = {
        "kind": task,
        "instrument": f"{study.instrument_code} {study.instrument_version}",
        "definition": public_definition(document),
        "form": study.form_code,
        "scale": study.scale_code,
        "minimum_n": study.minimum_n,
        "dif_by": study.dif_by,
        "prevalences": study.prevalences,
        **more,
    }
    process, stdin, stdout = await child_process(task, module=_WORKER)
    try:
        stdin.write(json.dumps(order, ensure_ascii=False).encode() + b"\n")
        async for part in queries.stream_screenings(change, study):
            stdin.write(("\n".join(part) + "\n").encode())
            await stdin.drain()
            run.done += len(part)
        stdin.close()
        made = await stdout.read()
        if await process.wait():
            raise RuntimeError("the statistics ended without an answer")
        return made
    finally:
        await end_process(process)


async def _compute(change: Change, run: JobRun) -> Outcome:
    """The job of a run: its results and its state in one transaction."""
    study_id = UUID(run.parameters["study_id"])
    study = await queries.get_study_record(change, study_id)
    await _see_every_county(change, run.caller)
    found = await _worked(
        change, run, study, "results", **await queries.get_frame(change, study)
    )
    results = await asyncio.to_thread(json.loads, found)
    digests = {UUID(child): digest for child, digest in results.pop("digests").items()}
    await change.execute(_ONE_AT_A_TIME, {"instrument": study.instrument_code})
    await _require_sample(change, study, [*digests])
    if await queries.records_have_changed_by_few(change, study, digests):
        raise SampleTooClose()
    number = (await queries.lock_study(change, study_id)).run_number + 1
    kept = {
        "study_id": study_id,
        "number": number,
        "n": results["n"],
        "run_by": run.caller.subject,
    }
    kept |= {"subjects": [*digests], "digests": [*digests.values()]}
    await change.execute(insert(StudyRun).values(**kept, results=results))
    changed = await _change(
        change, study_id, {"state": StudyState.READY, "run_number": number}
    )
    refused = {
        name: part["reason"]
        for name, part in results["sections"].items()
        if part["status"] == "refused"
    }
    _note(
        change,
        run.caller,
        "finish_study",
        "ready",
        changed,
        children=results["n"],
        run_number=number,
    )
    return Outcome(
        {
            "href": f"/v1/screening/studies/{study_id}",
            "n": results["n"],
            "refused": refused,
        }
    )


async def _export(change: Change, run: JobRun) -> Outcome:
    """The job of an export: its files, kept for whoever may read them."""
    study_id = UUID(run.parameters["study_id"])
    study = await queries.get_study_record(change, study_id)
    await _see_every_county(change, run.caller)
    group_size = run.parameters["group_size"]
    made = await _worked(
        change, run, study, "export", group_size=group_size, seed=secrets.randbits(64)
    )
    head, _, content = made.partition(b"\n")
    facts = json.loads(head)
    kept = {
        "study_id": study_id,
        "rows": facts["rows"],
        "group_size": group_size,
        "exported_by": run.caller.subject,
    }
    export = await change.one(
        insert(StudyExport).values(**kept).returning(col(StudyExport.id))
    )
    start = 0
    for name, size in facts["sizes"].items():
        file = {
            "export_id": export.id,
            "name": name,
            "content": content[start : start + size],
        }
        await change.execute(insert(StudyExportFile).values(**file))
        start += size
    _note(
        change,
        run.caller,
        "export_study",
        "exported",
        study,
        rows=facts["rows"],
        export_id=str(export.id),
    )
    href = f"/v1/screening/studies/{study_id}/exports/{export.id}"
    files = [f"{href}/{name}" for name in facts["sizes"]]
    return Outcome({"export_id": str(export.id), "rows": facts["rows"], "files": files})


async def read_export_file(
    change: Change, caller: Caller, study_id: UUID, export_id: UUID, name: ExportFile
) -> bytes:
    """The content of a file; that it was read is recorded."""
    content = await queries.get_export_file(change, study_id, export_id, name)
    audit.record(
        change,
        caller,
        "read_study_export",
        f"studies/{study_id}",
        detail={"export_id": str(export_id)},
    )
    return content


_UNKNOWN_CHILD = """
SELECT line, '/subject_ref', 'not_found' FROM staging
WHERE NOT EXISTS (SELECT FROM screenings WHERE screenings.subject_ref = staging.subject_ref)
"""
_MERGE = text("""
WITH known AS (
    SELECT subject_ref, study_criteria.outcome <> staging.outcome AS differs
    FROM staging JOIN study_criteria USING (subject_ref) WHERE study_id = :study_id
), merged AS (
    INSERT INTO study_criteria (study_id, subject_ref, outcome) SELECT :study_id, subject_ref, outcome FROM staging
    ON CONFLICT (study_id, subject_ref) DO UPDATE SET outcome = excluded.outcome
    WHERE study_criteria.outcome <> excluded.outcome
)
SELECT (SELECT count(*) FROM staging) - count(*), count(*) FILTER (WHERE differs), count(*) FILTER (WHERE NOT differs)
FROM known
""")


async def _merge_criteria(change: Change, run: JobRun) -> Merged:
    """Take an uploaded criterion over; a later file says better of the children that it names."""
    study_id = UUID(run.parameters["study_id"])
    study = await queries.lock_study(change, study_id)
    if study.shown == StudyState.RUNNING:
        raise StateConflict(state=study.shown, allowed=VERBS[StudyState.RUNNING])
    await _see_every_county(change, run.caller)
    await reject(change, _UNKNOWN_CHILD)
    merged = Merged(*await change.one(_MERGE, values={"study_id": study_id}))
    if merged.created or merged.changed:
        changed = await _change(change, study_id, {})
        counts = {"created": merged.created, "changed": merged.changed}
        _note(
            change,
            run.caller,
            "import_study_criterion",
            "criterion-changed",
            changed,
            **counts,
        )
    return merged


async def require_criterion_wanted(change: Change, study_id: UUID) -> None:
    """StateConflict unless the study takes an uploaded criterion now."""
    study = await queries.lock_study(change, study_id)
    if (
        study.criterion_source != CriterionSource.UPLOADED
        or study.shown == StudyState.RUNNING
    ):
        raise StateConflict(
            state=study.shown,
            criterion_source=study.criterion_source,
            allowed=VERBS[study.shown],
        )


CRITERIA = Import(
    kind="study-criteria",
    permission=Permission.EDIT_STUDIES,
    rule=parse_criterion_row,
    staging=STAGING,
    merge=_merge_criteria,
    fields=FIELDS,
    required=("subject_ref", "outcome"),
    unique=("subject_ref",),
)
JOBS = [
    Job(RUN, _compute, permission=Permission.EDIT_STUDIES),
    Job(EXPORT, _export, permission=Permission.EXPORT_STUDIES),
    CRITERIA.job(),
]
