"""/studies/{study_id}/exports and their files."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.chassis.background.job_queries import JobRead
from services.chassis.background.job_routes import accepted
from services.chassis.ground.problems import StateConflict
from services.chassis.ground.responses import answers, problems
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, page_answer
from services.chassis.web.listing import ListQuery, Page
from services.chassis.web.units import Change, Reading
from services.screening.demands import CanExportStudies
from services.screening.problems import (
    StudyExportNotFound,
    StudyNotFound,
    StudyTooSmall,
)
from services.screening.study_exports import actions, queries
from services.screening.study_exports.rules.files import MEDIA_TYPES, ExportFile
from services.screening.study_exports.schemas import StudyExportCreate, StudyExportRead

router = slice_router(prefix="/studies", tags=["studies"])
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string"}}
            for kind in MEDIA_TYPES.values()
        }
    }
}


@router.post(
    "/{study_id}/exports",
    status_code=202,
    responses=answers(JobRead, StudyNotFound, StateConflict, StudyTooSmall, status=202),
)
async def export_study(
    caller: CanExportStudies,
    change: Change,
    request: Request,
    study_id: Id,
    new: StudyExportCreate,
) -> Answer:
    """Export the data of a ready study to files: CSV, a codebook, SPSS with labels.

    Children and institutions have numbers of this export only; ages are in months;
    there are no references, days or free texts, and no county or institution with few
    children. The reason for a missing answer (not asked, not observed, refused, left
    blank) is a value of its own: the codebook names it, and SPSS treats it as missing.
    A study that has fewer children left than its `minimum_n` is refused.
    """
    # No If-Match: an export changes nothing of the study.
    job_id = await actions.export_study(change, study_id, new)
    return await accepted(change, request, job_id)


@router.get(
    "/{study_id}/exports", responses=answers(Page[StudyExportRead], StudyNotFound)
)
async def list_study_exports(
    caller: CanExportStudies,
    reading: Reading,
    terms: Terms,
    study_id: Id,
    query: Annotated[ListQuery, Query()],
) -> Answer:
    """The exports of a study, the newest first, with the addresses of their files."""
    page = await queries.list_exports(reading, terms, study_id, query)
    return page_answer(page, terms)


@router.get(
    "/{study_id}/exports/{export_id}/{file}",
    responses=_FILE | problems(StudyExportNotFound),
)
async def get_study_file(
    caller: CanExportStudies,
    change: Change,
    study_id: Id,
    export_id: Id,
    file: ExportFile,
) -> Response:
    """A file of an export. Every access is written to the audit log."""
    content = await actions.read_export_file(change, study_id, export_id, file)
    headers = {
        "content-disposition": f'attachment; filename="{file.value}"',
        # No cache on the way may store data of children.
        "cache-control": "no-store",
    }
    return Response(content, media_type=MEDIA_TYPES[file], headers=headers)
