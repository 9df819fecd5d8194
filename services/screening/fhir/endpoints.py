"""/fhir: a facade in FHIR R4."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from fastapi.routing import APIRoute

from services.chassis.data.work import Stored
from services.chassis.ground import clock
from services.chassis.ground.parameters import query_model
from services.chassis.ground.problems import (
    OutsideScope,
    StateConflict,
    UnknownReference,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    AnswerTerms,
    Terms,
    created_answer,
    stored_answer,
)
from services.chassis.web.units import Change, Reading
from services.screening.demands import (
    CanReadInstruments,
    CanReadScreenings,
    CanSubmitScreenings,
)
from services.screening.fhir import actions, queries
from services.screening.fhir.rules.bundles import MEDIA_TYPE, json_text
from services.screening.fhir.rules.capabilities import Offer, capability_statement
from services.screening.fhir.schemas import (
    FhirBundle,
    FhirCapabilities,
    FhirQuestionnaireResponse,
    FhirResource,
    ObservationSearch,
    PartId,
    QuestionnaireSearch,
    ResponseSearch,
)
from services.screening.problems import (
    FhirResourceNotFound,
    FhirStatusNotTaken,
    ImplementerElsewhere,
    ImplementerNotInCampaign,
    ResultNotAvailable,
    ScreeningAlreadyRecorded,
    ScreeningNotFound,
    SubjectNotSelected,
)

router = slice_router(prefix="/fhir", tags=["fhir"])
_FHIR: dict[str, Any] = {MEDIA_TYPE: {"schema": {"type": "object"}}}
_TAKEN = {
    "schema": {"$ref": f"#/components/schemas/{FhirQuestionnaireResponse.__name__}"}
}
_IN_CAMPAIGN = (ImplementerNotInCampaign, ImplementerElsewhere, SubjectNotSelected)
_NEW = (
    OutsideScope,
    UnknownReference,
    StateConflict,
    *_IN_CAMPAIGN,
    FhirStatusNotTaken,
)


def _fhir(answer: Answer) -> Answer:
    """The same answer under FHIR's own media type."""
    answer.headers["content-type"] = MEDIA_TYPE
    return answer


def _resource(stored: Stored, terms: AnswerTerms | None = None) -> Answer:
    """A resource with its ETag.

    304 where the caller has it already, which has no content and so no type.
    """
    answer = stored_answer(stored, terms)
    return _fhir(answer) if answer.status_code == 200 else answer


def _untagged(body: str) -> Answer:
    return _fhir(Answer(body, headers={"cache-control": "no-cache"}))


@router.get("/metadata", responses=answers(FhirCapabilities, files=_FHIR))
async def get_capability_statement(caller: CanReadInstruments) -> Answer:
    """What this facade offers: its resources, what may be done with each, and what they
    are searched by.
    """
    return _untagged(json_text(capability_statement(_offers(), MEDIA_TYPE)))


def _offers() -> list[Offer]:
    """The routes of the facade."""
    return [
        Offer(
            route.path.removeprefix(router.prefix),
            method,
            _parameters(route),
            route.description,
        )
        # Of the routes themselves, so that the statement cannot promise what there is
        # not.
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]


def _parameters(route: APIRoute) -> Mapping[str, str]:
    models = [
        model
        for field in route.dependant.query_params
        if (model := query_model(field)) is not None
    ]
    fields = [one for model in models for one in model.model_fields.items()]
    return {field.alias or name: field.description or "" for name, field in fields}


@router.get("/Questionnaire", responses=answers(FhirBundle, files=_FHIR))
async def list_questionnaires(
    caller: CanReadInstruments,
    reading: Reading,
    query: Annotated[QuestionnaireSearch, Query()],
) -> Answer:
    """The forms of published instruments as Questionnaires (R4)."""
    return _resource(await queries.list_questionnaires(reading, query))


@router.get(
    "/Questionnaire/{resource_id}",
    responses=answers(FhirResource, FhirResourceNotFound, files=_FHIR),
)
async def get_questionnaire(
    caller: CanReadInstruments, reading: Reading, terms: Terms, resource_id: PartId
) -> Answer:
    """One form as a Questionnaire. Text of items that may not be passed on is left out."""
    return _resource(await queries.get_questionnaire(reading, resource_id), terms)


@router.get("/QuestionnaireResponse", responses=answers(FhirBundle, files=_FHIR))
async def list_questionnaire_responses(
    caller: CanReadScreenings, change: Change, query: Annotated[ResponseSearch, Query()]
) -> Answer:
    """The answers of screenings of a subject, by a form, or both: the newest 100,
    without free text.

    A draft is `in-progress`; one that does not say its form yet is not listed here.
    """
    return _untagged(await queries.list_questionnaire_responses(change, query))


@router.post(
    "/QuestionnaireResponse",
    status_code=201,
    responses=answers(
        FhirResource, *_NEW, ScreeningAlreadyRecorded, status=201, files=_FHIR
    ),
    openapi_extra={"requestBody": {"content": {MEDIA_TYPE: _TAKEN}}},
)
async def create_questionnaire_response(
    caller: CanSubmitScreenings, change: Change, new: FhirQuestionnaireResponse
) -> Answer:
    """Record a screening from a QuestionnaireResponse: `completed` is checked, scored
    and counted at once.

    `in-progress` stays a draft, which is amended and submitted under `/screenings`.
    `questionnaire` names instrument, form and version; `authored` is the day (not kept
    of a draft); `identifier` has the source (`urn:splot:source:<name>`) and its id. The
    rest comes in extensions `urn:splot:fhir:…`: `county`, `sex` and `informant`
    (valueCode) always; `institution` and `campaign` (valueId), `stage` (valueInteger),
    `implementer` (valueString) where they apply; of `completed` also `birth-date`
    (valueDate), or `birth-month` (valueDate, YYYY-MM) with `age-months` (valueInteger);
    `gestation-weeks` (valueInteger) and `consent-to-refer` (valueBoolean) where known.
    The day of birth is not kept: the answer has month and age. (An age that is
    corrected for prematurity does not fit its month: it is taken by `birth-date` and
    `gestation-weeks` only.) An item of text, number or date without an answer may say
    why in the extension `urn:splot:fhir:no-answer` (valueCode); a selection of nothing
    is its code `none_chosen`. Free text is taken in and never given out again.
    """
    stored = await actions.create_questionnaire_response(change, new, clock.today())
    location = f"/v1/screening/fhir/QuestionnaireResponse/{stored.key}"
    return _fhir(created_answer(stored, location))


@router.get(
    "/QuestionnaireResponse/{screening_id}",
    responses=answers(FhirResource, ScreeningNotFound, ResultNotAvailable, files=_FHIR),
)
async def get_questionnaire_response(
    caller: CanReadScreenings, change: Change, screening_id: Id
) -> Answer:
    """The answers of a screening, about a pseudonym and without free text.

    A draft is `in-progress` and has the answers that its form takes. Its form has to be
    known: by `form_code`, or once it is submitted.
    """
    return _resource(await queries.get_questionnaire_response(change, screening_id))


@router.get(
    "/Observation",
    responses=answers(FhirBundle, ScreeningNotFound, ResultNotAvailable, files=_FHIR),
)
async def list_observations(
    caller: CanReadScreenings,
    change: Change,
    query: Annotated[ObservationSearch, Query()],
) -> Answer:
    """The scores of one screening, or the newest 100 of a subject, preliminary until a
    person has confirmed them.
    """
    return _untagged(await queries.list_observations(change, query))


@router.get(
    "/Observation/{resource_id}",
    responses=answers(
        FhirResource,
        FhirResourceNotFound,
        ScreeningNotFound,
        ResultNotAvailable,
        files=_FHIR,
    ),
)
async def get_observation(
    caller: CanReadScreenings, change: Change, resource_id: PartId
) -> Answer:
    """One score of a screening."""
    return _resource(await queries.get_observation(change, resource_id))
