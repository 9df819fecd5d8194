"""/institution-imports."""

from typing import Annotated

from fastapi import Query, Request

from services.chassis.background.job_queries import JobRead
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.uploads import UPLOAD_REFUSALS, receive, upload
from services.chassis.web.answers import Answer
from services.chassis.web.units import Change
from services.registry.demands import CanImportInstitutions
from services.registry.institution_imports.actions import IMPORTS
from services.registry.institution_imports.schemas import InstitutionImport

FILE_EXAMPLE = (
    "external_id;name;type;county_terc\n1;Poradnia;psych_ped_counselling_centre;2469\n"
)
router = slice_router(prefix="/institution-imports", tags=["institution-imports"])


@router.post(
    "",
    status_code=202,
    responses=answers(JobRead, *UPLOAD_REFUSALS, status=202),
    openapi_extra=upload(FILE_EXAMPLE),
)
async def import_institutions(
    caller: CanImportInstitutions,
    change: Change,
    request: Request,
    query: Annotated[InstitutionImport, Query()],
) -> Answer:
    """Send a register file of institutions as the body; a background job imports it.

    `rspo`: the CSV of the register of schools (columns by name, UTF-8 or cp1250,
    Excel's `="…"` is removed). `nurseries`: the register of nurseries and children's
    clubs. `generic`: any CSV, XLSX or NDJSON, with `mapping` from our fields to its
    columns; a row is matched by `external_id` (within `system`) or else by its REGON.

    Good rows are imported, bad ones reported by line under the job's `/problems`; an
    empty cell leaves the stored value, so a second run of the same file changes
    nothing. Rows of counties out of the caller's reach are refused.
    """
    kind = IMPORTS[query.format]
    return await receive(
        request,
        change,
        caller,
        kind,
        dry_run=query.dry_run,
        parameters=query.parameters(),
    )
