"""/fhir: a facade in FHIR R4."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from services.casework.demands import CanReadPlans, CanReadReferrals
from services.casework.fhir import queries
from services.casework.fhir.queries import Resources
from services.casework.fhir.rules.resources import capability_statement
from services.casework.fhir.schemas import (
    RecordSearch,
)
from services.casework.problems import PlanNotFound, ReferralNotFound
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.fhir.answering import (
    FORM_BODY,
    Terms,
    fhir_answers,
    posted_search,
    resource_answer,
    untagged_answer,
)
from services.chassis.fhir.asking import FhirQuery
from services.chassis.fhir.schemas import FhirBundle, FhirCapabilities, FhirResource
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.trust.vault import Erased
from services.chassis.web.answers import Answer
from services.chassis.web.units import Audited

router = slice_router(prefix="/fhir", tags=["fhir"])
_SEARCHED_BY = dict.fromkeys(
    ("CarePlan", "ServiceRequest"), ("_id", "_lastUpdated", "subject")
)


@router.get("/metadata", responses=fhir_answers(FhirCapabilities))
async def get_casework_capabilities(
    terms: Terms, query: Annotated[FhirQuery, Query()]
) -> Answer:
    """The capability statement of this facade: its resources and their search
    parameters. No token is needed.
    """
    return untagged_answer(capability_statement(_SEARCHED_BY, terms.base))


def _bundle(reading: Audited, action: str, resources: Resources) -> Answer:
    """The answer with a page of resources. The access is written to the audit log, and
    no cache may store the answer.
    """
    # No county: a search may find plans of several counties.
    subject = Subject(f"fhir/{resources.kind}")
    is_plan = resources.kind == "CarePlan"
    category = Category.PLAN if is_plan else Category.REFERRALS
    record_read(reading, action, subject, resources.people, category)
    return untagged_answer(resources.bundle, "no-store")


@router.get("/CarePlan", responses=fhir_answers(FhirBundle, Erased))
async def list_care_plans(
    caller: CanReadPlans,
    reading: Audited,
    terms: Terms,
    query: Annotated[RecordSearch, Query()],
) -> Answer:
    """The versions of plans within the caller's reach as CarePlans (R4), the newest
    first. Their goals are contained resources.
    """
    resources = await queries.list_care_plans(reading, query, terms)
    return _bundle(reading, "list_care_plans", resources)


@router.post(
    "/CarePlan/_search",
    responses=fhir_answers(FhirBundle, Erased),
    openapi_extra=FORM_BODY,
)
async def search_care_plans(
    caller: CanReadPlans,
    reading: Audited,
    terms: Terms,
    request: Request,
    query_in_address: Annotated[RecordSearch, Query()],
) -> Answer:
    """The same search with its parameters in a form, so that no person is in a URL."""
    query = await posted_search(request, query_in_address)
    resources = await queries.list_care_plans(reading, query, terms)
    return _bundle(reading, "search_care_plans", resources)


@router.get(
    "/CarePlan/{plan_id}",
    responses=fhir_answers(FhirResource, PlanNotFound, Erased, tagged=True),
)
async def get_care_plan(
    caller: CanReadPlans,
    reading: Audited,
    terms: Terms,
    plan_id: Id,
    query: Annotated[FhirQuery, Query()],
) -> Answer:
    """One version of a plan as a CarePlan."""
    stored, plan = await queries.get_care_plan(reading, plan_id)
    subject = Subject(f"fhir/CarePlan/{plan_id}", county=plan.county_terc)
    record_read(reading, "get_care_plan", subject, [plan.person_id], Category.PLAN)
    return resource_answer(stored, terms)


@router.get("/ServiceRequest", responses=fhir_answers(FhirBundle))
async def list_service_requests(
    caller: CanReadReferrals,
    reading: Audited,
    terms: Terms,
    query: Annotated[RecordSearch, Query()],
) -> Answer:
    """The referrals to support services within the caller's reach as ServiceRequests
    (R4), the newest first.
    """
    resources = await queries.list_service_requests(reading, query, terms)
    return _bundle(reading, "list_service_requests", resources)


@router.post(
    "/ServiceRequest/_search",
    responses=fhir_answers(FhirBundle),
    openapi_extra=FORM_BODY,
)
async def search_service_requests(
    caller: CanReadReferrals,
    reading: Audited,
    terms: Terms,
    request: Request,
    query_in_address: Annotated[RecordSearch, Query()],
) -> Answer:
    """The same search with its parameters in a form, so that no person is in a URL."""
    query = await posted_search(request, query_in_address)
    resources = await queries.list_service_requests(reading, query, terms)
    return _bundle(reading, "search_service_requests", resources)


@router.get(
    "/ServiceRequest/{referral_id}",
    responses=fhir_answers(FhirResource, ReferralNotFound, tagged=True),
)
async def get_service_request(
    caller: CanReadReferrals,
    reading: Audited,
    terms: Terms,
    referral_id: Id,
    query: Annotated[FhirQuery, Query()],
) -> Answer:
    """One referral as a ServiceRequest."""
    stored, person_id = await queries.get_service_request(reading, referral_id)
    subject = Subject(f"fhir/ServiceRequest/{referral_id}")
    people = [person_id]
    record_read(reading, "get_service_request", subject, people, Category.REFERRALS)
    return resource_answer(stored, terms)
