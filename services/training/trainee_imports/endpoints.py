"""/trainee-imports."""

from typing import Annotated

from fastapi import Query, Request

from services.chassis.background.job_queries import JobRead
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.uploads import UPLOAD_REFUSALS, receive, upload
from services.chassis.web.answers import Answer
from services.chassis.web.units import Change
from services.training.demands import CanImportTrainees
from services.training.trainee_imports import actions
from services.training.trainee_imports.schemas import TraineeImport

FILE_EXAMPLE = (
    "external_id;county_terc;given_name;family_name;sex;organisation_type;"
    "organisation_name;relation\n"
    "1;2469;Jan;Przykładowy;M;cis;Centrum Integracji Społecznej;employee\n"
)
router = slice_router(prefix="/trainee-imports", tags=["trainee-imports"])


@router.post(
    "",
    status_code=202,
    responses=answers(JobRead, *UPLOAD_REFUSALS, status=202),
    openapi_extra=upload(FILE_EXAMPLE),
)
async def import_trainees(
    caller: CanImportTrainees,
    change: Change,
    # The body is read as a stream by `receive`: a model would hold all of it.
    request: Request,
    query: Annotated[TraineeImport, Query()],
) -> Answer:
    """Import trainees from CSV, XLSX or NDJSON, in the background.

    One row is one person: `external_id`, `county_terc`, `given_name`, `family_name`,
    `sex` (also K and M), `organisation_type`, `organisation_name`, `relation`, and
    optionally `email`, `institution_id`, `site_id`, `authority_terc`, `target_group`,
    `audience_role`.

    Valid rows are imported, others are reported by line under the job's `/problems`. A
    row is identified by county, `source` and `external_id`: a second run changes
    nothing, and an erased person does not come back.
    """
    # File and job are stored in one transaction: neither exists without the other.
    parameters = {"source": query.source, "programme_code": query.programme_code}
    return await receive(
        request,
        change,
        caller,
        actions.TRAINEES_FILE,
        dry_run=query.dry_run,
        parameters=parameters,
    )
