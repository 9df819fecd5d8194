"""/screenings/{screening_id}/result, also in words, as a picture and beside the results
of other informants.
"""

import json
from typing import Annotated

from fastapi import Query, Request

from services.chassis.ground.problems import NotAcceptable
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer, Terms, etag, stored_answer
from services.chassis.web.units import Reading
from services.screening.charts import Chart
from services.screening.charts import Picture as DrawnPicture
from services.screening.demands import CanReadScreenings
from services.screening.problems import (
    ChartUnavailable,
    ResultNotAvailable,
    ScreeningNotFound,
)
from services.screening.screening_results import queries
from services.screening.screening_results.rules.pictures import (
    VEGA_LITE,
    Picture,
    chosen_picture,
)
from services.screening.screening_results.schemas import (
    ComparisonRead,
    ExplanationRead,
    ProfileQuery,
    ProfileRead,
    ResultRead,
)

router = slice_router(prefix="/screenings/{screening_id}", tags=["screenings"])
_PICTURE = {"schema": {"type": "string", "format": "binary"}}
_PICTURES = {"image/svg+xml": _PICTURE, "image/png": _PICTURE}


@router.get(
    "/result", responses=answers(ResultRead, ScreeningNotFound, ResultNotAvailable)
)
async def get_screening_result(
    caller: CanReadScreenings, reading: Reading, terms: Terms, screening_id: Id
) -> Answer:
    """The result, scale by scale, and the earlier results that a re-scoring replaced."""
    return stored_answer(await queries.get_result(reading, screening_id), terms)


@router.get(
    "/explanation",
    responses=answers(ExplanationRead, ScreeningNotFound, ResultNotAvailable),
)
async def get_screening_explanation(
    caller: CanReadScreenings, reading: Reading, screening_id: Id
) -> Answer:
    """The result in words, in Polish and English, and what every answer added to the scales."""
    return stored_answer(await queries.get_explanation(reading, screening_id))


@router.get(
    "/comparison",
    responses=answers(ComparisonRead, ScreeningNotFound, ResultNotAvailable),
)
async def get_screening_comparison(
    caller: CanReadScreenings, reading: Reading, screening_id: Id
) -> Answer:
    """The scales of a result beside those of the subject's newest screenings by each
    other informant.

    Only screenings by the same version of the instrument, in the same stage of the same
    campaign, that the caller may read. A study computes how well informants agree over
    many subjects (`/studies/{id}/agreement`).
    """
    comparison = await queries.get_comparison(reading, screening_id)
    # No ETag: the other screenings can change without a new version of this one.
    headers = {"cache-control": "no-cache"}
    return Answer(comparison.model_dump_json(), headers=headers)


@router.get(
    "/profile",
    responses=answers(
        ProfileRead,
        ScreeningNotFound,
        ResultNotAvailable,
        NotAcceptable,
        ChartUnavailable,
        files={**_PICTURES, VEGA_LITE: {"schema": {"type": "object"}}},
    ),
)
async def get_screening_profile(
    caller: CanReadScreenings,
    reading: Reading,
    request: Request,
    screening_id: Id,
    query: Annotated[ProfileQuery, Query()],
) -> Answer:
    """A picture of a result: each scale on its own range with its cut-offs and its
    direction. `format`, else Accept, chooses a Vega-Lite document, SVG or PNG.
    """
    picture = chosen_picture(request.headers.get("accept", ""), query.format)
    language = preferred_language(request.headers.get("accept-language", ""))
    version, document = await queries.get_profile(reading, screening_id, language)
    headers = {
        # One version has several documents, by format and language: each has
        # its own ETag.
        "etag": etag(screening_id, f"{version}:{picture}:{language}"),
        "cache-control": "no-cache",
        "content-language": language,
    }
    if picture is Picture.VEGA_LITE:
        return Answer(json.dumps(document, ensure_ascii=False), headers=headers)
    # Drawn while the answer is sent: by then the database connection is back
    # in its pool.
    kind: DrawnPicture = "png" if picture is Picture.PNG else "svg"
    return Chart(document, kind, headers)
