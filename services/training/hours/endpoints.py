"""/hours."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground.problems import NotAcceptable
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.transfer.exports import Export, chosen_format, files
from services.chassis.web.answers import Answer, Terms
from services.chassis.web.units import Reading
from services.training.demands import CanReadHours
from services.training.hours import queries
from services.training.hours.schemas import HoursQuery, HoursRead

router = slice_router(prefix="/hours", tags=["hours"])


@router.get(
    "",
    responses=answers(HoursRead, NotAcceptable, files=files("csv", "xlsx", "ndjson")),
)
async def get_hours(
    caller: CanReadHours,
    reading: Reading,
    request: Request,
    terms: Terms,
    query: Annotated[HoursQuery, Query()],
) -> Response:
    """Hours of training by year, audience role, county and programme: exact sums of
    sessions that were held. A make-up session does not count beside the original.

    Imported sums are added, and also shown as `imported_minutes`. Where one of them is
    a lower bound, so is the sum: `≥ 356 h`. `threshold` says whether the total reaches
    `at_least_hours`; a lower bound below it leaves this undecided.
    """
    format_ = chosen_format(terms.accept, query.format)
    # The parameter allows the formats of all lists; sums have no place on a map.
    if format_ == "geojson":
        raise NotAcceptable(reason="no_point")
    if format_ is not None:
        rows = queries.sum_hours(query)
        return Export(request, caller, rows, "hours", format_, query.dialect)
    hours = await queries.get_hours(reading, query)
    # Unset: dimensions that were not requested. Null: sums without role or county.
    body = hours.model_dump_json(exclude_unset=True)
    return Answer(body, headers={"cache-control": "no-cache"})
