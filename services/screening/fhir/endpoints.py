"""/fhir: a facade in FHIR R4."""

from typing import Annotated, Any

from fastapi import Query

from services.chassis.bodies import Id
from services.chassis.database import Reading, Session
from services.chassis.problems import answers
from services.chassis.routes import Answer, Terms
from services.chassis.routes import router as slice_router
from services.screening.fhir import queries
from services.screening.fhir.schemas import (
    FhirBundle,
    FhirResource,
    ObservationSearch,
    PartId,
    QuestionnaireSearch,
)
from services.screening.permissions import CanReadInstruments, CanReadScreenings
from services.screening.problems import FhirResourceNotFound, ResultNotAvailable, ScreeningNotFound

router = slice_router(prefix="/fhir", tags=["fhir"])
_FHIR: dict[str, Any] = {queries.MEDIA_TYPE: {"schema": {"type": "object"}}}


@router.get("/Questionnaire", responses=answers(FhirBundle, files=_FHIR))
async def list_questionnaires(
    caller: CanReadInstruments, session: Reading, query: Annotated[QuestionnaireSearch, Query()]
) -> Answer:
    """The forms of published instruments as Questionnaires (R4)."""
    return await queries.list_questionnaires(session, query.instrument)


@router.get("/Questionnaire/{resource_id}", responses=answers(FhirResource, FhirResourceNotFound, files=_FHIR))
async def get_questionnaire(caller: CanReadInstruments, session: Reading, terms: Terms, resource_id: PartId) -> Answer:
    """One form as a Questionnaire. Text of items that may not be passed on is left out."""
    return await queries.get_questionnaire(session, terms, resource_id)


@router.get(
    "/QuestionnaireResponse/{screening_id}",
    responses=answers(FhirResource, ScreeningNotFound, ResultNotAvailable, files=_FHIR),
)
async def get_questionnaire_response(caller: CanReadScreenings, session: Session, screening_id: Id) -> Answer:
    """The answers of a scored screening, about a pseudonym and without free text."""
    return await queries.get_questionnaire_response(session, caller, screening_id)


@router.get("/Observation", responses=answers(FhirBundle, ScreeningNotFound, ResultNotAvailable, files=_FHIR))
async def list_observations(
    caller: CanReadScreenings, session: Session, query: Annotated[ObservationSearch, Query()]
) -> Answer:
    """The scores of one screening as Observations, preliminary until a person has confirmed them."""
    return await queries.list_observations(session, caller, query.screening_id)


@router.get(
    "/Observation/{resource_id}",
    responses=answers(FhirResource, FhirResourceNotFound, ScreeningNotFound, ResultNotAvailable, files=_FHIR),
)
async def get_observation(caller: CanReadScreenings, session: Session, resource_id: PartId) -> Answer:
    """One score of a screening."""
    return await queries.get_observation(session, caller, resource_id)
