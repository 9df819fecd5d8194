"""/fhir: a facade in FHIR R4."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query
from fastapi.routing import APIRoute
from starlette.requests import Request

from services.chassis.fhir.answering import (
    FORM_BODY,
    Terms,
    created_answer,
    fhir_answers,
    posted_search,
    resource_answer,
    untagged_answer,
)
from services.chassis.fhir.asking import FhirQuery
from services.chassis.fhir.schemas import FhirBundle, FhirCapabilities, FhirResource
from services.chassis.ground import clock
from services.chassis.ground.outcomes import FHIR
from services.chassis.ground.parameters import query_model
from services.chassis.ground.problems import (
    OutsideScope,
    StateConflict,
    UnknownReference,
)
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Audited, Change
from services.screening.demands import (
    CanReadScreenings,
    CanSubmitScreenings,
)
from services.screening.fhir import actions, queries
from services.screening.fhir.rules.capabilities import Offer, capability_statement
from services.screening.fhir.schemas import (
    FhirQuestionnaireResponse,
    ObservationSearch,
    ResponseSearch,
    VersionId,
)
from services.screening.fhir_questionnaires.endpoints import router as questionnaires
from services.screening.fhir_questionnaires.schemas import (
    PartId,
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
_REQUEST_SCHEMA = {
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
_SCORED = (ScreeningNotFound, ResultNotAvailable)


@router.get("/metadata", responses=fhir_answers(FhirCapabilities))
async def get_capability_statement(
    terms: Terms, query: Annotated[FhirQuery, Query()]
) -> Answer:
    """The resources of this facade, the interactions with each, and their search
    parameters. No token is needed.
    """
    return untagged_answer(capability_statement(_offers(), FHIR, terms.base))


def _offers() -> list[Offer]:
    """The routes of the facade."""
    return [
        Offer(
            route.path.removeprefix(router.prefix),
            method,
            _parameters(route),
            route.description,
        )
        # Made from the routes themselves, so that the statement cannot promise a
        # missing route.
        for route in (*questionnaires.routes, *router.routes)
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]


def _parameters(route: APIRoute) -> Mapping[str, str]:
    models = [
        model
        for field in route.dependant.query_params
        if (model := query_model(field)) is not None
    ]
    fields = [
        named_field for model in models for named_field in model.model_fields.items()
    ]
    return {field.alias or name: field.description or "" for name, field in fields}


@router.get("/QuestionnaireResponse", responses=fhir_answers(FhirBundle))
async def list_questionnaire_responses(
    caller: CanReadScreenings,
    change: Change,
    terms: Terms,
    query: Annotated[ResponseSearch, Query()],
) -> Answer:
    """The answers of screenings of a subject, by a form, or by their ids: the newest
    first, without free text.

    A draft is `in-progress`; a draft that does not name its form is not listed here.
    """
    bundle = await queries.list_questionnaire_responses(change, query, terms)
    return untagged_answer(bundle)


@router.post(
    "/QuestionnaireResponse/_search",
    responses=fhir_answers(FhirBundle),
    openapi_extra=FORM_BODY,
)
async def search_questionnaire_responses(
    caller: CanReadScreenings,
    reading: Audited,
    terms: Terms,
    request: Request,
    query_in_address: Annotated[ResponseSearch, Query()],
) -> Answer:
    """The same search with its parameters in a form body, so that no URL holds a pseudonym."""
    query = await posted_search(request, query_in_address)
    bundle = await queries.list_questionnaire_responses(reading, query, terms)
    return untagged_answer(bundle)


@router.post(
    "/QuestionnaireResponse",
    status_code=201,
    responses=fhir_answers(FhirResource, *_NEW, ScreeningAlreadyRecorded, status=201),
    openapi_extra={"requestBody": {"content": {FHIR: _REQUEST_SCHEMA}}},
)
async def create_questionnaire_response(
    caller: CanSubmitScreenings,
    change: Change,
    terms: Terms,
    new: FhirQuestionnaireResponse,
    query: Annotated[FhirQuery, Query()],
) -> Answer:
    """Record a screening from a QuestionnaireResponse: `completed` is checked, scored
    and counted at once.

    `in-progress` stays a draft, which is amended and submitted under `/screenings`.
    `questionnaire` names instrument, form and version; `authored` is the day (not stored
    for a draft); `identifier` has the source (`urn:splot:source:<name>`) and its id. The
    rest comes in extensions `urn:splot:fhir:…`: `county`, `sex` and `informant`
    (valueCode) always; `institution` and `campaign` (valueId), `stage` (valueInteger),
    `implementer` (valueString) where they apply; for `completed` also `birth-date`
    (valueDate), or `birth-month` (valueDate, YYYY-MM) with `age-months` (valueInteger);
    `gestation-weeks` (valueInteger) and `consent-to-refer` (valueBoolean) where known.
    The day of birth is not stored: the answer has month and age. (An age that is
    corrected for prematurity does not fit its month: only `birth-date` with
    `gestation-weeks` gives it.) An item of text, number or date without an answer may
    have the reason in the extension `urn:splot:fhir:no-answer` (valueCode); an empty
    selection has its code `none_chosen`. Free text is accepted, and this facade never
    returns it. Members that form renderers add are accepted and not stored: `meta`,
    `language`, `text`, `author`, `source`, names and references beside an identifier,
    the `text` of an item, the `display` and the `version` of a coding.
    """
    stored = await actions.create_questionnaire_response(change, new, clock.today())
    return created_answer(stored, "QuestionnaireResponse", terms)


@router.get(
    "/QuestionnaireResponse/{screening_id}",
    responses=fhir_answers(FhirResource, *_SCORED, tagged=True),
)
async def get_questionnaire_response(
    caller: CanReadScreenings,
    change: Change,
    terms: Terms,
    screening_id: Id,
    query: Annotated[FhirQuery, Query()],
) -> Answer:
    """The answers of a screening, about a pseudonym and without free text.

    A draft is `in-progress` and has the answers that its form accepts. The form must be
    known: by `form_code`, or once it is submitted.
    """
    stored = await queries.get_questionnaire_response(change, screening_id)
    return resource_answer(stored, terms)


@router.get(
    "/QuestionnaireResponse/{screening_id}/_history/{version_id}",
    responses=fhir_answers(FhirResource, *_SCORED, FhirResourceNotFound, tagged=True),
)
async def get_questionnaire_response_version(
    caller: CanReadScreenings,
    change: Change,
    terms: Terms,
    screening_id: Id,
    version_id: VersionId,
    query: Annotated[FhirQuery, Query()],
) -> Answer:
    """The answers of a screening while it is of this version; earlier versions are not
    kept as resources.
    """
    stored = await queries.get_questionnaire_response(change, screening_id)
    # By R4 the answer is 404 when a server keeps no earlier versions of its resources.
    if str(stored.version) != version_id:
        raise FhirResourceNotFound()
    return resource_answer(stored, terms)


@router.get("/Observation", responses=fhir_answers(FhirBundle, *_SCORED))
async def list_observations(
    caller: CanReadScreenings,
    change: Change,
    terms: Terms,
    query: Annotated[ObservationSearch, Query()],
) -> Answer:
    """The scores of one screening, or of a subject, the newest screening first;
    preliminary until a person has confirmed them.
    """
    return untagged_answer(await queries.list_observations(change, query, terms))


@router.post(
    "/Observation/_search",
    responses=fhir_answers(FhirBundle, *_SCORED),
    openapi_extra=FORM_BODY,
)
async def search_observations(
    caller: CanReadScreenings,
    reading: Audited,
    terms: Terms,
    request: Request,
    query_in_address: Annotated[ObservationSearch, Query()],
) -> Answer:
    """The same search with its parameters in a form body, so that no URL holds a pseudonym."""
    query = await posted_search(request, query_in_address)
    return untagged_answer(await queries.list_observations(reading, query, terms))


@router.get(
    "/Observation/{resource_id}",
    responses=fhir_answers(FhirResource, FhirResourceNotFound, *_SCORED, tagged=True),
)
async def get_observation(
    caller: CanReadScreenings,
    change: Change,
    terms: Terms,
    resource_id: PartId,
    query: Annotated[FhirQuery, Query()],
) -> Answer:
    """One score of a screening."""
    stored = await queries.get_observation(change, resource_id)
    return resource_answer(stored, terms)
