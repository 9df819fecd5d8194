"""Plans and referrals, read as FHIR resources."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Text, cast, literal, select

from services.casework.fhir.rules.resources import (
    PlanFacts,
    care_plan_of,
    service_request_of,
)
from services.casework.fhir.schemas import RecordSearch
from services.casework.permissions import Permission
from services.casework.plan_versions.queries import list_contents
from services.casework.plans.models import Plan
from services.casework.plans.queries import PLANS, get_plan, texts_of
from services.casework.plans.queries import reach as plans_within
from services.casework.problems import ReferralNotFound
from services.casework.referrals.queries import REFERRALS
from services.chassis.data.work import Reading, Stored
from services.chassis.fhir.asking import FhirTerms
from services.chassis.fhir.bundles import Results, json_text, searchset
from services.chassis.fhir.pages import KeyPage, Keys, changed_within, page_of_keys
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller


class Resources(NamedTuple):
    """The Bundle of a search for a kind of resource, and whom it is about."""

    kind: str
    bundle: Mapping[str, Any]
    people: list[UUID]


async def _care_plan(reading: Reading, plan: Plan) -> dict[str, Any]:
    contents = await list_contents(reading, plan)
    texts = texts_of(plan, contents.key)
    facts = PlanFacts(
        plan.model_dump() | {"summary": texts.summary},
        [goal.model_dump() for goal in contents.goals],
        [recommendation.model_dump() for recommendation in contents.recommendations],
        [step.model_dump() for step in contents.steps],
    )
    return care_plan_of(facts)


async def get_care_plan(reading: Reading, plan_id: UUID) -> tuple[Stored, Plan]:
    """One version of a plan as a CarePlan, and the version."""
    plan = await get_plan(reading, plan_id)
    resource = await _care_plan(reading, plan)
    return Stored(plan.id, plan.version, json_text(resource)), plan


def _keys(table: FromClause, reach: ColumnElement[bool], search: RecordSearch) -> Keys:
    """SELECT of the keys of the rows within reach that match the search."""
    conditions = [reach, *changed_within(table.c.changed_at, search.moments)]
    if search.subject is not None:
        # The token names the same person with or without its system.
        person = UUID(search.subject.rpartition("|")[2])
        conditions.append(table.c.person_id == person)
    if search.id_list is not None:
        conditions.append(cast(table.c.id, Text).in_(search.id_list))
    keys = select(table.c.changed_at.label("at"), table.c.id, literal(0).label("place"))
    return keys.where(*conditions)


async def _rows(
    reading: Reading, table: FromClause, page: KeyPage
) -> list[Mapping[str, Any]]:
    """The rows of the page, in its order."""
    statement = select(table).where(table.c.id.in_({key for key, _ in page.keys}))
    unordered = await reading.rows(statement)
    rows = {row.id: {**row._mapping} for row in unordered}
    return [rows[key] for key, _ in page.keys]


async def list_care_plans(
    reading: Reading, search: RecordSearch, terms: FhirTerms
) -> Resources:
    """The newest versions of plans within the caller's reach."""
    within_reach = plans_within(reading.caller, Permission.READ_PLANS)
    keys = _keys(PLANS, within_reach, search)
    page = await page_of_keys(reading, terms, search, keys)
    plans = [Plan(**row) for row in await _rows(reading, PLANS, page)]
    # One after another: a connection runs one statement at a time.
    resources = [await _care_plan(reading, plan) for plan in plans]
    results = Results("CarePlan", resources, page.next_cursor, page.total)
    people = [plan.person_id for plan in plans]
    return Resources("CarePlan", searchset(results, search, terms), people)


def _referrals_within(caller: Caller) -> ColumnElement[bool]:
    columns = REFERRALS.c
    objects = {
        "team": columns.person_id,
        "guardian": columns.person_id,
        "break_glass": columns.person_id,
        "party": columns.id,
    }
    reach = within(
        caller, Permission.READ_REFERRALS, county=columns.county_terc, objects=objects
    )
    # Inbound referrals order no service: they ask the county.
    return reach & (columns.direction == "outbound")


async def list_service_requests(
    reading: Reading, search: RecordSearch, terms: FhirTerms
) -> Resources:
    """The newest referrals to support services within the caller's reach."""
    keys = _keys(REFERRALS, _referrals_within(reading.caller), search)
    page = await page_of_keys(reading, terms, search, keys)
    rows = await _rows(reading, REFERRALS, page)
    resources = [service_request_of(row) for row in rows]
    results = Results("ServiceRequest", resources, page.next_cursor, page.total)
    people = [row["person_id"] for row in rows]
    return Resources("ServiceRequest", searchset(results, search, terms), people)


async def get_service_request(
    reading: Reading, referral_id: UUID
) -> tuple[Stored, UUID]:
    """One referral as a ServiceRequest, and whom it is about."""
    statement = select(REFERRALS).where(
        REFERRALS.c.id == referral_id, _referrals_within(reading.caller)
    )
    row = await reading.one(statement, ReferralNotFound)
    body = json_text(service_request_of({**row._mapping}))
    return Stored(row.id, row.version, body), row.person_id
