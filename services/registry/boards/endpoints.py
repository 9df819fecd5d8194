"""/programmes/{code}/board and /programmes/{code}/statistics."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground.problems import NotAcceptable
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import ReplicaReading
from services.registry.boards import queries
from services.registry.boards.rules import board_svg, wants_picture
from services.registry.boards.schemas import (
    BoardQuery,
    BoardRead,
    ProgrammeStatisticsRead,
)
from services.registry.demands import CanReadProgrammes
from services.registry.problems import ProcessRunNotFound, ProgrammeNotFound
from services.registry.programmes.endpoints import Code

router = slice_router(prefix="/programmes/{code}", tags=["programmes"])


@router.get(
    "/board",
    responses=answers(
        BoardRead,
        ProgrammeNotFound,
        ProcessRunNotFound,
        NotAcceptable,
        files={"image/svg+xml": {"schema": {"type": "string"}}},
    ),
)
async def get_programme_board(
    caller: CanReadProgrammes,
    reading: ReplicaReading,
    request: Request,
    code: Code,
    query: Annotated[BoardQuery, Query()],
) -> Response:
    """Sites × steps: as JSON, or as a picture (SVG) with a title, a description and a mark in every cell."""
    as_picture = wants_picture(request.headers.get("accept", ""), query.format)
    if as_picture is None:
        raise NotAcceptable(available=["application/json", "image/svg+xml"])
    board = await queries.get_board(reading, code, query)
    # One address serves JSON and a picture, and the picture two languages.
    headers = {"cache-control": "no-cache", "vary": "accept, accept-language"}
    if not as_picture:
        return Answer(board.model_dump_json(), headers=headers)
    language = preferred_language(request.headers.get("accept-language", ""))
    headers["content-language"] = language
    svg = board_svg(board.model_dump(), language)
    return Response(svg, media_type="image/svg+xml", headers=headers)


@router.get(
    "/statistics", responses=answers(ProgrammeStatisticsRead, ProgrammeNotFound)
)
async def get_programme_statistics(
    caller: CanReadProgrammes, reading: ReplicaReading, code: Code
) -> Answer:
    """A programme in numbers: planned, sites by status and implementer, distinct counties, steps reached."""
    statistics = await queries.get_statistics(reading, code)
    # No ETag: the numbers are of all sites of the programme, so no single version
    # identifies them.
    no_cache = {"cache-control": "no-cache"}
    return Answer(statistics.model_dump_json(), headers=no_cache)
