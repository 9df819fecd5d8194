"""/fhir: a facade in FHIR R4."""

from typing import Annotated, Any

from fastapi import Query

from services.casework.demands import CanReadPathways, CanReadPlans, CanReadReferrals
from services.casework.fhir import queries
from services.casework.fhir.rules.resources import (
    MEDIA_TYPE,
    capability_statement,
    json_text,
)
from services.casework.fhir.schemas import (
    FhirRecord,
    FhirRecords,
    FhirStatement,
    RecordSearch,
)
from services.casework.problems import PlanNotFound, ReferralNotFound
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer, stored_answer
from services.chassis.web.units import Audited

router = slice_router(prefix="/fhir", tags=["fhir"])
_FHIR: dict[str, Any] = {MEDIA_TYPE: {"schema": {"type": "object"}}}
_SEARCHED_BY = dict.fromkeys(
    ("CarePlan", "ServiceRequest"), ("subject", "_lastUpdated")
)


def _fhir(answer: Answer) -> Answer:
    """The same answer under FHIR's own media type."""
    answer.headers["content-type"] = MEDIA_TYPE
    return answer


def _bundle(body: str) -> Answer:
    # Personal data: nothing on the way keeps them.
    return _fhir(Answer(body, headers={"cache-control": "no-store"}))


@router.get("/metadata", responses=answers(FhirStatement, files=_FHIR))
# A right of all staff: the statement shows nothing of anybody, and is not public.
async def get_casework_capabilities(caller: CanReadPathways) -> Answer:
    """What this facade offers: its resources, and what they are searched by."""
    return _bundle(json_text(capability_statement(_SEARCHED_BY)))


@router.get("/CarePlan", responses=answers(FhirRecords, Erased, files=_FHIR))
async def list_care_plans(
    caller: CanReadPlans, reading: Audited, query: Annotated[RecordSearch, Query()]
) -> Answer:
    """The newest 50 versions of plans within reach as CarePlans (R4), their goals
    contained in them.
    """
    found = await queries.list_care_plans(reading, query)
    # No county: a search may find plans of several.
    subject = Subject("fhir/CarePlan")
    record_read(reading, "list_care_plans", subject, found.people, Category.PLAN)
    return _bundle(found.body)


@router.get(
    "/CarePlan/{plan_id}",
    responses=answers(FhirRecord, PlanNotFound, Erased, files=_FHIR),
)
async def get_care_plan(caller: CanReadPlans, reading: Audited, plan_id: Id) -> Answer:
    """One version of a plan as a CarePlan."""
    stored, plan = await queries.get_care_plan(reading, plan_id)
    subject = Subject(f"fhir/CarePlan/{plan_id}", county=plan.county_terc)
    record_read(reading, "get_care_plan", subject, [plan.person_id], Category.PLAN)
    return _fhir(stored_answer(stored))


@router.get("/ServiceRequest", responses=answers(FhirRecords, files=_FHIR))
async def list_service_requests(
    caller: CanReadReferrals, reading: Audited, query: Annotated[RecordSearch, Query()]
) -> Answer:
    """The newest 50 referrals to support services within reach as ServiceRequests (R4)."""
    found = await queries.list_service_requests(reading, query)
    subject, people = Subject("fhir/ServiceRequest"), found.people
    record_read(reading, "list_service_requests", subject, people, Category.REFERRALS)
    return _bundle(found.body)


@router.get(
    "/ServiceRequest/{referral_id}",
    responses=answers(FhirRecord, ReferralNotFound, files=_FHIR),
)
async def get_service_request(
    caller: CanReadReferrals, reading: Audited, referral_id: Id
) -> Answer:
    """One referral as a ServiceRequest."""
    stored, person_id = await queries.get_service_request(reading, referral_id)
    subject = Subject(f"fhir/ServiceRequest/{referral_id}")
    people = [person_id]
    record_read(reading, "get_service_request", subject, people, Category.REFERRALS)
    return _fhir(stored_answer(stored))
