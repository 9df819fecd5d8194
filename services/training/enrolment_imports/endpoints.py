"""/enrolment-imports."""

from typing import Annotated

from fastapi import Query, Request

from services.chassis.background.job_queries import JobRead
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.uploads import UPLOAD_REFUSALS, receive, upload
from services.chassis.web.answers import Answer
from services.chassis.web.units import Change
from services.training.demands import CanEnrol
from services.training.enrolment_imports import actions
from services.training.enrolment_imports.schemas import EnrolmentImport

FILE_EXAMPLE = "external_id;county_terc;group_code\n1;2469;TMW-1\n"
router = slice_router(prefix="/enrolment-imports", tags=["enrolment-imports"])


@router.post(
    "",
    status_code=202,
    responses=answers(JobRead, *UPLOAD_REFUSALS, status=202),
    openapi_extra=upload(FILE_EXAMPLE),
)
async def import_enrolments(
    caller: CanEnrol,
    change: Change,
    request: Request,
    query: Annotated[EnrolmentImport, Query()],
) -> Answer:
    """Import enrolments from CSV, XLSX or NDJSON.

    One row is one enrolment: `external_id` and `county_terc` of a trainee whom the same
    `source` has sent, and the `group_code` of a group of the programme. A file of
    trainees with this additional column is accepted.

    Rows are processed in their order, each like a single enrolment: with a seat while
    one is free, else on the waiting list. A refused row is reported by line under the
    job's `/problems`, with what is missing (`place_for_location`, `place_in_team`, …),
    and does not affect other rows. People who are in the group already stay there: a
    second run changes nothing.
    """
    parameters = {"source": query.source, "programme_code": query.programme_code}
    return await receive(
        request,
        change,
        caller,
        actions.ENROLMENTS_FILE,
        dry_run=query.dry_run,
        parameters=parameters,
    )
