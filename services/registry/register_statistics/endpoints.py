"""/register-statistics/{kind}."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.chassis.ground.problems import NotAcceptable, NotFound
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import Export, chosen_format, files
from services.chassis.web.answers import Answer, Terms
from services.chassis.web.units import ReplicaReading
from services.registry.demands import CanReadRegisterStatistics
from services.registry.register_reports.rules.facts import EntityKind
from services.registry.register_statistics import queries
from services.registry.register_statistics.schemas import (
    RegisterStatisticsRead,
    StatisticsQuery,
)

router: APIRouter = slice_router(tags=["register-reports"])


@router.get(
    "/register-statistics/{kind}",
    responses=answers(
        RegisterStatisticsRead,
        NotFound,
        NotAcceptable,
        files=files("csv", "xlsx", "ndjson"),
    ),
)
async def get_entity_statistics(
    caller: CanReadRegisterStatistics,
    reading: ReplicaReading,
    request: Request,
    terms: Terms,
    kind: EntityKind,
    query: Annotated[StatisticsQuery, Query()],
) -> Response:
    """The table of entities and reports by year, computed from the individual records.

    The table is of the whole country or of some voivodeships; as JSON, or as a file in
    the caller's language, as source 004 prints it.

    A cell is a number, no data or not applicable. While a register's list for a year
    was not obtained, line 1 is a lower bound, line 3 does not apply, and the growth
    from or to that year is not comparable. If the voivodes' list is complete and does
    not have an entity, the entity is in CAS only, whatever CAS says.
    """
    format_ = chosen_format(terms.accept, query.format)
    # `Accept` may ask for GeoJSON, which only lists of institutions have.
    if format_ == "geojson":
        raise NotAcceptable(reason="no_point")
    statistics = await queries.get_statistics(reading, kind, query)
    if format_ is not None:
        language = preferred_language(request.headers.get("accept-language", ""))
        rows = queries.rows_of_statistics(statistics, language)
        name = f"register-statistics-{kind.value}"
        file = Export(request, caller, rows, name, format_, query.dialect)
        file.headers["content-language"] = language
        file.headers["vary"] = "accept, accept-language"
        return file
    # `exclude_unset` leaves out `lower_bound` where a cell is no lower bound.
    body = statistics.model_dump_json(exclude_unset=True)
    return Answer(body, headers={"cache-control": "no-cache"})
