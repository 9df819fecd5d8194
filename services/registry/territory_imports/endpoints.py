"""/territory-imports."""

from enum import StrEnum
from typing import Annotated

from fastapi import Query, Request

from services.chassis.background.job_queries import JobRead
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.uploads import UPLOAD_REFUSALS, DryRun, receive, upload
from services.chassis.web.answers import Answer
from services.chassis.web.units import Change
from services.registry.demands import CanImportTerritories
from services.registry.territory_imports.actions import IMPORTS

FILE_EXAMPLE = (
    "WOJ;POW;GMI;RODZ;NAZWA\n24;;;;ŚLĄSKIE\n24;69;;;Katowice\n24;69;01;1;Katowice\n"
)
router = slice_router(prefix="/territory-imports", tags=["territory-imports"])


class TerritoryFileFormat(StrEnum):
    """Files that can be read."""

    TERC = "terc"
    POPULATIONS = "populations"


@router.post(
    "",
    status_code=202,
    responses=answers(JobRead, *UPLOAD_REFUSALS, status=202),
    openapi_extra=upload(FILE_EXAMPLE),
)
async def import_territories(
    caller: CanImportTerritories,
    change: Change,
    request: Request,
    format: Annotated[TerritoryFileFormat, Query()] = TerritoryFileFormat.TERC,  # noqa: A002 - the parameter's public name
    dry_run: DryRun = False,
) -> Answer:
    """Send the official TERC file, or a table of populations, as the body; a background
    job imports it.

    A unit that is no longer in the file, while its voivodeship is, is marked as
    removed, never deleted. A file older than the loaded state is refused. A second run
    of the same file changes nothing.
    """
    return await receive(request, change, caller, IMPORTS[format], dry_run=dry_run)
