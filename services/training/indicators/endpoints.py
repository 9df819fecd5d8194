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
    """Set a target of a programme. Parts by sex sum to it, or it is refused."""
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
    """Report a value that comes from elsewhere, one for a day."""
    # Taken of computed indicators as well: what others count stands beside ours.
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
    """Let a reported value not count any more, with the reason. It stays beside the
    others, and its day may be reported anew.
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
    # Audited, for people of all counties are counted: numbers alone leave this.
    caller: CanReadIndicators,
    reading: Audited,
    indicator_id: Id,
) -> Answer:
    """How far an indicator is reached, whole and by sex, computed from records.

    Only staff of local authorities count, each person once; heads of schools and
    parents are reached through them.
    Reported values stand beside what is computed.
    """
    # No ETag: records of other slices change it, and no version here tells of that.
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
    """The progress as bars, in the caller's language: SVG with its text as text, PNG for
    documents that take no SVG, or a Vega-Lite document.

    Each says the same in words: `desc` of the SVG, `Description` of the PNG,
    `description` of the document.
    """
    accepted = request.headers.get("accept", "*/*")
    media_type = _MEDIA_TYPES[query.format]
    # `format` says which picture; who takes neither it nor anything is told so.
    if not any(kind in accepted for kind in (media_type, "*/*", "image/*", "json")):
        raise NotAcceptable()
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
    # Drawn when it is sent: by then the connection is given back.
    return LateAnswer(partial(draw_png, svg, words, language), media_type, headers)
