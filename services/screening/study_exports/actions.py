"""An export of a study's data: requested, made in the background, and read file by file."""

import json
import secrets
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col

from services.chassis.background.jobs import Job, JobRun, Outcome, enqueue
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change
from services.screening.permissions import Permission
from services.screening.problems import StudyTooSmall
from services.screening.studies.actions import require_allowed, see_every_county
from services.screening.studies.models import Study
from services.screening.studies.queries import get_study_record, lock_study
from services.screening.study_exports import queries
from services.screening.study_exports.models import StudyExport, StudyExportFile
from services.screening.study_exports.rules.files import ExportFile
from services.screening.study_exports.schemas import (
    StudyExportCreate,
    StudyExportResult,
)
from services.screening.study_runs.actions import work_through_screenings
from services.screening.study_runs.queries import list_children

EXPORT = "study-export"
_WORKER = "services.screening.study_exports.rules.formats"


async def export_study(change: Change, study_id: UUID, new: StudyExportCreate) -> UUID:
    """Enqueue an export of a ready study; returns the id of the job."""
    # The job belongs to this caller with the caller's own counties; after
    # `see_every_county` the change acts for all counties.
    caller = change.caller
    study = await lock_study(change, study_id)
    require_allowed(study, "export")
    await see_every_county(change)
    await _require_children(change, study)
    facts = new.model_dump()
    change.record("ask_for_study_export", Subject(f"studies/{study_id}"), **facts)
    parameters = {"study_id": str(study_id), **facts}
    return await enqueue(change, caller, EXPORT, parameters)


async def _require_children(change: Change, study: Study) -> None:
    """StudyTooSmall when too few children are left: screenings may have been annulled
    since the run.
    """
    if len(await list_children(change, study)) < study.minimum_n:
        raise StudyTooSmall(reason="children", needed=study.minimum_n)


async def _make_export(change: Change, run: JobRun) -> Outcome:
    """The job of an export: make and store its files."""
    # Without a lock: making the files takes long and does not change the study.
    study = await get_study_record(change, UUID(run.parameters["study_id"]))
    await see_every_county(change)
    # Counted again: screenings may have been annulled since the export was requested.
    await _require_children(change, study)
    group_size = run.parameters["group_size"]
    # The seed of the random order of the children. It is not stored, so that a child
    # cannot be found again by its number.
    seed = secrets.randbits(64)
    output = await work_through_screenings(
        change,
        run,
        study,
        _WORKER,
        with_institutions=True,
        group_size=group_size,
        seed=seed,
    )
    head, _, content = output.partition(b"\n")
    facts = json.loads(head)
    rows = facts["rows"]
    values = {
        "study_id": study.id,
        "rows": rows,
        "group_size": group_size,
        "exported_by": change.caller.subject,
    }
    statement = insert(StudyExport).values(**values).returning(col(StudyExport.id))
    export_id: UUID = await change.scalar(statement)
    await _keep_files(change, export_id, facts["sizes"], content)
    subject = Subject(f"studies/{study.id}", study.version)
    detail = {"rows": rows, "export_id": str(export_id)}
    change.record("export_study", subject, "study.exported", **detail)
    href = f"/v1/screening/studies/{study.id}/exports/{export_id}"
    files = [f"{href}/{name}" for name in facts["sizes"]]
    return Outcome(StudyExportResult(export_id=export_id, rows=rows, files=files))


async def _keep_files(
    change: Change, export_id: UUID, sizes: Mapping[str, int], content: bytes
) -> None:
    """Split the content into files of these sizes, in their order, and store them."""
    start = 0
    for name, size in sizes.items():
        part = content[start : start + size]
        # One row for each file, because the files are read one by one.
        values = {"export_id": export_id, "name": name, "content": part}
        await change.execute(insert(StudyExportFile).values(**values))
        start += size


async def read_export_file(
    change: Change, study_id: UUID, export_id: UUID, name: ExportFile
) -> bytes:
    """The content of a file; the access is written to the audit log."""
    content = await queries.get_export_file(change, study_id, export_id, name)
    subject = Subject(f"studies/{study_id}")
    # Here data of children leave the platform: it must be on record who took them
    # (GDPR, art. 5(2)).
    change.record("read_study_export", subject, export_id=str(export_id))
    return content


EXPORTING = Job(
    EXPORT, _make_export, StudyExportResult, permission=Permission.EXPORT_STUDIES
)
