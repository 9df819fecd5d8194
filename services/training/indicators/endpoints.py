"""/indicators."""

import json
from functools import partial
from typing import Annotated

from fastapi import Query, Request, Response

from services.chassis.ground.problems import (
    NotAcceptable,
    PreconditionRequired,
    StateConflict,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.media_types import preferred_type
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    LateAnswer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Audited, Change, Reading
from services.training.annulling import RecordAnnul
from services.training.demands import CanEditIndicators, CanReadIndicators
from services.training.indicators import actions, queries, rules
from services.training.indicators.drawing import Words, draw_png
from services.training.indicators.rules import Bar
from services.training.indicators.schemas import (
    IndicatorCreate,
    IndicatorList,
    IndicatorProgressRead,
    IndicatorRead,
    IndicatorValueCreate,
    IndicatorValueRead,
    PictureFormat,
    PictureQuery,
)
from services.training.problems import (
    IndicatorAlreadySet,
    IndicatorNotFound,
    IndicatorValueAlreadyReported,
    IndicatorValueNotFound,
    PictureUnavailable,
)

router = slice_router(prefix="/indicators", tags=["indicators"])
_PICTURE = {"schema": {"type": "string", "format": "binary"}}
_VEGA_LITE = "application/vnd.vegalite.v6+json"
_MEDIA_TYPES = {
    PictureFormat.SVG: "image/svg+xml",
    PictureFormat.PNG: "image/png",
    PictureFormat.VEGA_LITE: _VEGA_LITE,
}
_LABELS = {
    "pl": {"whole": "razem", "female": "kobiety", "male": "mężczyźni"},
    "en": {"whole": "together", "female": "women", "male": "men"},
}


@router.get("", responses=answers(Page[IndicatorRead]))
async def list_indicators(
    caller: CanReadIndicators,
    reading: Reading,
    terms: Terms,
    query: Annotated[IndicatorList, Query()],
) -> Answer:
    """The indicators of programmes with their targets."""
    return page_answer(await queries.list_indicators(reading, terms, query), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(IndicatorRead, IndicatorAlreadySet, UnknownReference, status=201),
)
async def create_indicator(
    caller: CanEditIndicators, change: Change, new: IndicatorCreate
) -> Answer:
    """Set a target of a programme. Parts by sex have to sum to it."""
    indicator = await actions.create_indicator(change, new)
    return created_answer(indicator, f"/v1/training/indicators/{indicator.key}")


@router.get("/{indicator_id}", responses=answers(IndicatorRead, IndicatorNotFound))
async def get_indicator(
    caller: CanReadIndicators, reading: Reading, terms: Terms, indicator_id: Id
) -> Answer:
    """One indicator with its target."""
    return stored_answer(await queries.get_indicator(reading, indicator_id), terms)


@router.post(
    "/{indicator_id}/values",
    status_code=201,
    responses=answers(
        IndicatorValueRead,
        IndicatorNotFound,
        IndicatorValueAlreadyReported,
        status=201,
    ),
)
async def report_indicator_value(
    caller: CanEditIndicators,
    change: Change,
    indicator_id: Id,
    new: IndicatorValueCreate,
) -> Answer:
    """Report a value from another source, one for each day."""
    # For computed indicators as well, whose progress shows both.
    value = await actions.report_value(change, indicator_id, new)
    path = f"/v1/training/indicators/{indicator_id}/values/{value.key}"
    return created_answer(value, path)


@router.get(
    "/{indicator_id}/values/{value_id}",
    responses=answers(IndicatorValueRead, IndicatorValueNotFound),
)
async def get_indicator_value(
    caller: CanReadIndicators,
    reading: Reading,
    terms: Terms,
    indicator_id: Id,
    value_id: Id,
) -> Answer:
    """One reported value, also one that was annulled."""
    value = await queries.get_value(reading, indicator_id, value_id)
    return stored_answer(value, terms)


@router.post(
    "/{indicator_id}/values/{value_id}/annul",
    responses=answers(
        IndicatorValueRead,
        IndicatorValueNotFound,
        StateConflict,
        PreconditionRequired,
        VersionMismatch,
    ),
)
async def annul_indicator_value(
    caller: CanEditIndicators,
    change: Change,
    indicator_id: Id,
    value_id: Id,
    annulling: RecordAnnul,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Annul a reported value, with the reason. It stays in the list, and another value
    may be reported for its day.
    """
    version = expected_version(if_match, value_id)
    return stored_answer(
        await actions.annul_value(
            change, indicator_id, value_id, annulling.reason, version
        )
    )


@router.get(
    "/{indicator_id}/progress",
    responses=answers(IndicatorProgressRead, IndicatorNotFound),
)
async def get_indicator_progress(
    # `Audited` has a transaction, which counting over all counties needs.
    caller: CanReadIndicators,
    reading: Audited,
    indicator_id: Id,
) -> Answer:
    """The progress of an indicator, in total and by sex, from records, or else from the
    newest reported value.

    Of trained people, only staff of local authorities count, each person once; heads of
    schools and parents are reached through them. Reported values are shown as well.
    """
    # No ETag: records of other slices can change the progress without a new version.
    progress = await actions.compute_progress(reading, indicator_id)
    return Answer(progress.model_dump_json())


@router.get(
    "/{indicator_id}/picture",
    responses=answers(
        IndicatorProgressRead,
        IndicatorNotFound,
        NotAcceptable,
        PictureUnavailable,
        files={
            "image/svg+xml": _PICTURE,
            "image/png": _PICTURE,
            _VEGA_LITE: {"schema": {"type": "object"}},
        },
    ),
)
async def draw_indicator(
    caller: CanReadIndicators,
    reading: Audited,
    request: Request,
    indicator_id: Id,
    query: Annotated[PictureQuery, Query()],
) -> Response:
    """The progress as bars, in the caller's language: SVG with selectable text, PNG for
    documents that cannot hold SVG, or a Vega-Lite document.

    Each has the same alternative text: `desc` of the SVG, `Description` of the PNG,
    `description` of the document.
    """
    media_type = _MEDIA_TYPES[query.format]
    # `format` picks the picture; 406 where Accept excludes it.
    if preferred_type(request.headers.get("accept", ""), [media_type]) is None:
        raise NotAcceptable(available=[media_type])
    language = preferred_language(request.headers.get("accept-language", ""))
    progress = await actions.compute_progress(reading, indicator_id)
    title, labels = progress.indicator.title(language), _LABELS[language]
    parts = {name: getattr(progress, name) for name in labels}
    bars = [
        Bar(labels[name], part.achieved, part.target, part.share)
        for name, part in parts.items()
        if part is not None
    ]
    headers = {"cache-control": "no-cache", "content-language": language}
    if query.format is PictureFormat.VEGA_LITE:
        chart = rules.chart(title, bars, language)
        document = json.dumps(chart, ensure_ascii=False)
        return Response(document, media_type=media_type, headers=headers)
    svg = rules.picture(title, bars, language)
    if query.format is PictureFormat.SVG:
        return Response(svg, media_type=media_type, headers=headers)
    words = Words(title, rules.alternative(bars, language))
    # Rendered while sending: the connection is released by then.
    return LateAnswer(partial(draw_png, svg, words, language), media_type, headers)
