"""/screening-imports."""

from typing import Annotated

from fastapi import Query, Request

from services.chassis.background.job_queries import JobRead
from services.chassis.ground.problems import StateConflict, UnknownReference
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.uploads import UPLOAD_REFUSALS, receive, upload
from services.chassis.web.answers import Answer
from services.chassis.web.units import Change
from services.screening.demands import CanImportScreenings
from services.screening.screening_imports import actions
from services.screening.screening_imports.schemas import ScreeningImport

FILE_EXAMPLE = (
    "external_id;subject_ref;sex;county_terc;informant;administered_on;born_on;Y_MOVE1\n"
    "1;6f1f64a5-3c4e-4a43-9c0c-5d3f6a1b2c3d;female;2469;parent;2025-05-20;2024-02-15;yes\n"
)
router = slice_router(prefix="/screening-imports", tags=["screening-imports"])


@router.post(
    "",
    status_code=202,
    responses=answers(
        JobRead, UnknownReference, StateConflict, *UPLOAD_REFUSALS, status=202
    ),
    openapi_extra=upload(FILE_EXAMPLE),
)
async def import_screenings(
    caller: CanImportScreenings,
    change: Change,
    request: Request,
    query: Annotated[ScreeningImport, Query()],
) -> Answer:
    """Import screenings of another platform from CSV, XLSX or NDJSON.

    The rows are checked and scored in the background.

    One row is one form: `external_id`, `subject_ref`, `sex`, `county_terc`,
    `informant`, `administered_on`, then `born_on` (or `birth_month` and `age_months`),
    and where they apply `gestation_weeks`, `institution_id`, `implementer`,
    `form_code`, `consent_to_refer`. Answers are in one column for each item, named by
    its code, or all in `answers` as a JSON object; several choices of one item are
    separated by `|`.

    Valid rows are imported and counted in the campaign, invalid ones are reported by
    line under the job's `/problems`. A row is identified by its county, `source` and
    `external_id`: a second run changes nothing, and a known id with other facts is
    refused. A column that belongs to no item is ignored and reported as a warning:
    `dry_run` shows it beforehand.
    """
    parameters = await actions.prepare_import(change, query)
    return await receive(
        request,
        change,
        caller,
        actions.SCREENINGS_FILE,
        dry_run=query.dry_run,
        parameters=parameters,
    )
