"""/fhir/Questionnaire: forms of instruments in FHIR R4."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from services.chassis.fhir.answering import (
    FORM_BODY,
    Terms,
    fhir_answers,
    posted_search,
    resource_answer,
    untagged_answer,
)
from services.chassis.fhir.asking import FhirQuery
from services.chassis.fhir.schemas import FhirBundle, FhirResource
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Reading
from services.screening.demands import CanReadInstruments
from services.screening.fhir_questionnaires import queries
from services.screening.fhir_questionnaires.schemas import (
    PartId,
    QuestionnaireSearch,
)
from services.screening.problems import FhirResourceNotFound

router = slice_router(prefix="/fhir", tags=["fhir"])


@router.get("/Questionnaire", responses=fhir_answers(FhirBundle))
async def list_questionnaires(
    caller: CanReadInstruments,
    reading: Reading,
    terms: Terms,
    query: Annotated[QuestionnaireSearch, Query()],
) -> Answer:
    """The forms of published instruments as Questionnaires (R4), the newest first."""
    return untagged_answer(await queries.list_questionnaires(reading, query, terms))


@router.post(
    "/Questionnaire/_search",
    responses=fhir_answers(FhirBundle),
    openapi_extra=FORM_BODY,
)
async def search_questionnaires(
    caller: CanReadInstruments,
    reading: Reading,
    terms: Terms,
    request: Request,
    query_in_address: Annotated[QuestionnaireSearch, Query()],
) -> Answer:
    """The same search with its parameters in a form body."""
    query = await posted_search(request, query_in_address)
    return untagged_answer(await queries.list_questionnaires(reading, query, terms))


@router.get(
    "/Questionnaire/{resource_id}",
    responses=fhir_answers(FhirResource, FhirResourceNotFound, tagged=True),
)
async def get_questionnaire(
    caller: CanReadInstruments,
    reading: Reading,
    terms: Terms,
    resource_id: PartId,
    query: Annotated[FhirQuery, Query()],
) -> Answer:
    """One form as a Questionnaire. Text of items that may not be passed on is left out."""
    stored = await queries.get_questionnaire(reading, resource_id)
    return resource_answer(stored, terms)
