"""/screening-imports."""

from typing import Annotated

from fastapi import Query, Request

from services.chassis.answers import Answer
from services.chassis.database import Change
from services.chassis.imports import UPLOAD, UPLOAD_REFUSALS
from services.chassis.jobs import JobRead
from services.chassis.problems import StateConflict, UnknownReference, answers
from services.chassis.routes import router as slice_router
from services.screening.permissions import CanImportScreenings
from services.screening.screening_imports import actions
from services.screening.screening_imports.schemas import ScreeningImport

router = slice_router(prefix="/screening-imports", tags=["screening-imports"])


@router.post(
    "",
    status_code=202,
    responses=answers(JobRead, UnknownReference, StateConflict, *UPLOAD_REFUSALS, status=202),
    openapi_extra=UPLOAD,
)
async def import_screenings(
    caller: CanImportScreenings, change: Change, request: Request, asked: Annotated[ScreeningImport, Query()]
) -> Answer:
    """Send screenings of another platform as CSV, XLSX or NDJSON; they are checked and scored in the background.

    One row is one form: `external_id`, `subject_ref`, `sex`, `county_terc`, `informant`, `administered_on`, then
    `born_on` (or `birth_month` and `age_months`), and where it applies `gestation_weeks`, `institution_id`,
    `implementer`, `form_code`, `consent_to_refer`. Answers stand in one column an item, called by its code, or all in
    `answers` as a JSON object; several choices of one item are parted by `|`.

    Good rows are taken and counted in the campaign, bad ones reported by line under the job's `/problems`. A row is
    known by `source` and `external_id`: a second run changes nothing, and other facts under a known id are refused.
    """
    return await actions.import_screenings(change, caller, request, asked)
