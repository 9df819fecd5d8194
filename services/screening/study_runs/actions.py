"""A run of a study: requested, then computed in the background.

The statistics run in a separate process.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from services.chassis.background.child_processes import child_process
from services.chassis.background.jobs import Job, JobRun, Outcome, enqueue
from services.chassis.data.work import Change
from services.screening.instruments.rules.licences import public_definition
from services.screening.permissions import Permission
from services.screening.problems import SampleTooClose, StudyTooSmall
from services.screening.studies.actions import (
    change_study,
    lock_study_for,
    see_every_county,
)
from services.screening.studies.models import Study
from services.screening.studies.queries import (
    get_definition,
    get_study_record,
    lock_study,
)
from services.screening.studies.rules import LEAST_SAMPLE, StudyState
from services.screening.study_runs import queries, statements
from services.screening.study_runs.models import StudyRun
from services.screening.study_runs.schemas import StudyRunResult

RUN = "study-run"
_WORKER = "services.screening.study_runs.rules.analysis"


async def _require_sample(
    change: Change, study: Study, children: Sequence[UUID]
) -> None:
    """StudyTooSmall or SampleTooClose; neither shows how many children there are.

    Closeness is checked first: otherwise a caller could find the size of a sample that
    is too close by trying one minimum after another.
    """
    if len(children) >= LEAST_SAMPLE and await queries.sample_is_too_close(
        change, study, children
    ):
        raise SampleTooClose()
    if len(children) < study.minimum_n:
        raise StudyTooSmall(reason="children", needed=study.minimum_n)


async def run_study(change: Change, study_id: UUID, version: int) -> UUID:
    """Enqueue a run of a study; returns the id of the job.

    It is refused with too few children, or if its difference from earlier runs would
    disclose few children.
    """
    # The job belongs to this caller with the caller's own counties; after
    # `see_every_county` the change acts for all counties.
    caller = change.caller
    study = await lock_study_for(change, study_id, "run", version)
    await see_every_county(change)
    await _require_sample(change, study, await queries.list_children(change, study))
    job_id = await enqueue(change, caller, RUN, {"study_id": str(study_id)})
    values = {"state": StudyState.RUNNING, "job_id": job_id}
    subject = await change_study(change, study_id, values)
    change.record("run_study", subject, "study.started")
    return job_id


async def work_through_screenings(
    change: Change,
    run: JobRun,
    study: Study,
    module: str,
    *,
    with_institutions: bool = False,
    **task: Any,
) -> bytes:
    """The output of a module that processes a study's screenings in a separate process.

    The screenings are passed on while they are read: standard input has the task in the
    first line and one screening in each further line.
    """
    order = json.dumps(await _task(change, study) | task, ensure_ascii=False)
    process, stdin, stdout = await child_process(run.kind, module=module)
    try:
        stdin.write(order.encode() + b"\n")
        screenings = queries.stream_screenings(
            change, study, with_institutions=with_institutions
        )
        async for lines in screenings:
            stdin.write(("\n".join(lines) + "\n").encode())
            await stdin.drain()
            # The clients see this number as the progress of the job.
            run.done += len(lines)
        stdin.close()
        answer = await stdout.read()
        if await process.wait():
            raise RuntimeError("the statistics ended without an answer")
        return answer
    finally:
        # A cancelled or failed job must not leave a process behind.
        await process.end()


async def _task(change: Change, study: Study) -> dict[str, Any]:
    """The members of the statistics' `Task` that every study has."""
    code, number = study.instrument_code, study.instrument_version
    return {
        "instrument": f"{code} {number}",
        # Texts of items go into codebooks, so they must pass the licence gate first.
        "definition": public_definition(await get_definition(change, code, number)),
        "form": study.form_code,
        "scale": study.scale_code,
        "minimum_n": study.minimum_n,
        "dif_by": study.dif_by,
        "prevalences": study.prevalences,
    }


async def _compute(change: Change, run: JobRun) -> Outcome:
    """The job of a run: compute and store the results and the new state in one transaction."""
    study = await get_study_record(change, UUID(run.parameters["study_id"]))
    await see_every_county(change)
    frame = await queries.get_frame(change, study)
    answer = await work_through_screenings(change, run, study, _WORKER, **frame)
    # In a thread: parsing large results would block every request of this process.
    results: dict[str, Any] = await asyncio.to_thread(json.loads, answer)
    digests = {UUID(child): digest for child, digest in results.pop("digests").items()}
    # Another run over these records may have ended meanwhile, so the sample is compared
    # again. Of two runs that are too close the second to end is refused, so no two may
    # end at once.
    await change.execute(
        statements.ONE_AT_A_TIME, {"instrument": study.instrument_code}
    )
    await _require_sample(change, study, [*digests])
    if await queries.records_have_changed_by_few(change, study, digests):
        raise SampleTooClose()
    await _keep_results(change, study.id, results, digests)
    sections = results["sections"].items()
    reasons_by_section = {
        name: section["reason"]
        for name, section in sections
        if section["status"] == "refused"
    }
    href = f"/v1/screening/studies/{study.id}"
    return Outcome(
        StudyRunResult(href=href, n=results["n"], refused=reasons_by_section)
    )


async def _keep_results(
    change: Change, study_id: UUID, results: dict[str, Any], digests: dict[UUID, int]
) -> None:
    """Add a run with its children, and make the study ready."""
    # Locked only now, so that no request waits for the study while it is computed.
    number = (await lock_study(change, study_id)).run_number + 1
    values = {
        "study_id": study_id,
        "number": number,
        "n": results["n"],
        "subjects": [*digests],
        "digests": [*digests.values()],
        "results": results,
        "run_by": change.caller.subject,
    }
    await change.execute(insert(StudyRun).values(**values))
    study_columns = {"state": StudyState.READY, "run_number": number}
    subject = await change_study(change, study_id, study_columns)
    facts = {"children": results["n"], "run_number": number}
    change.record("finish_study", subject, "study.ready", **facts)


COMPUTING = Job(RUN, _compute, StudyRunResult, permission=Permission.EDIT_STUDIES)
