"""/studies/{study_id}/criterion-imports."""

from typing import Annotated

from fastapi import Query, Request

from services.chassis.background.job_queries import JobRead
from services.chassis.ground.problems import StateConflict
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.uploads import UPLOAD_REFUSALS, receive, upload
from services.chassis.web.answers import Answer
from services.chassis.web.units import Change
from services.screening.demands import CanEditStudies
from services.screening.problems import StudyNotFound
from services.screening.study_criteria import actions
from services.screening.study_criteria.schemas import StudyCriterionImport

FILE_EXAMPLE = "subject_ref;outcome\n6f1f64a5-3c4e-4a43-9c0c-5d3f6a1b2c3d;positive\n"
router = slice_router(prefix="/studies", tags=["studies"])


@router.post(
    "/{study_id}/criterion-imports",
    status_code=202,
    responses=answers(
        JobRead, StudyNotFound, StateConflict, *UPLOAD_REFUSALS, status=202
    ),
    openapi_extra=upload(FILE_EXAMPLE),
)
async def import_study_criterion(
    caller: CanEditStudies,
    change: Change,
    request: Request,
    study_id: Id,
    query: Annotated[StudyCriterionImport, Query()],
) -> Answer:
    """Send a file of `subject_ref` and `outcome` (positive, negative, undetermined):
    the criterion of each child.

    Valid rows are stored, invalid ones are reported by line; a second run of the same
    file changes nothing.
    """
    await actions.require_criterion_wanted(change, study_id)
    return await receive(
        request,
        change,
        caller,
        actions.CRITERIA,
        dry_run=query.dry_run,
        parameters={"study_id": str(study_id)},
    )
