"""Plans and referrals, asked for as FHIR resources."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, select

from services.casework.fhir.rules.resources import (
    PlanFacts,
    care_plan_of,
    json_text,
    searchset,
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
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller

# There are no further pages: whoever needs more narrows by person or day.
MOST_FOUND = 50


class Resources(NamedTuple):
    """The Bundle of a search, and whom it is about."""

    body: str
    people: list[UUID]


async def _care_plan(reading: Reading, plan: Plan) -> dict[str, Any]:
    contents = await list_contents(reading, plan)
    texts = texts_of(plan, contents.key)
    facts = PlanFacts(
        plan.model_dump() | {"summary": texts.summary},
        [goal.model_dump() for goal in contents.goals],
        [one.model_dump() for one in contents.recommendations],
        [step.model_dump() for step in contents.steps],
    )
    return care_plan_of(facts)


async def get_care_plan(reading: Reading, plan_id: UUID) -> tuple[Stored, Plan]:
    """One version of a plan as a CarePlan, and the version."""
    plan = await get_plan(reading, plan_id)
    resource = await _care_plan(reading, plan)
    return Stored(plan.id, plan.version, json_text(resource)), plan


def _matching(table: FromClause, search: RecordSearch) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.subject is not None:
        # With or without its system the token names the same person.
        person = UUID(search.subject.rpartition("|")[2])
        conditions.append(table.c.person_id == person)
    if search.last_updated is not None:
        day = date.fromisoformat(search.last_updated.removeprefix("ge"))
        # Days are Polish ones, here as everywhere.
        begins = datetime.combine(day, time.min, CIVIL_TIME)
        conditions.append(table.c.changed_at >= begins)
    return conditions


async def _newest(
    reading: Reading, table: FromClause, conditions: Sequence[ColumnElement[bool]]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One more than are listed: whether there are more is told."""
    statement = select(table).where(*conditions)
    newest = statement.order_by(table.c.changed_at.desc(), table.c.id.desc())
    return await reading.rows(newest.limit(MOST_FOUND + 1))


async def list_care_plans(reading: Reading, search: RecordSearch) -> Resources:
    """The newest 50 versions of plans within the caller's reach."""
    within_reach = plans_within(reading.caller, Permission.READ_PLANS)
    rows = await _newest(reading, PLANS, [within_reach, *_matching(PLANS, search)])
    plans = [Plan(**row._mapping) for row in rows[:MOST_FOUND]]
    # One after another: a connection answers one question at a time.
    resources = [await _care_plan(reading, plan) for plan in plans]
    bundle = searchset(resources, is_complete=len(rows) <= MOST_FOUND)
    return Resources(json_text(bundle), [plan.person_id for plan in plans])


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
    # An inbound one orders no service: it asks the county.
    return reach & (columns.direction == "outbound")


async def list_service_requests(reading: Reading, search: RecordSearch) -> Resources:
    """The newest 50 referrals to support services within the caller's reach."""
    reach = _referrals_within(reading.caller)
    rows = await _newest(reading, REFERRALS, [reach, *_matching(REFERRALS, search)])
    shown = rows[:MOST_FOUND]
    resources = [service_request_of({**row._mapping}) for row in shown]
    bundle = searchset(resources, is_complete=len(rows) <= MOST_FOUND)
    return Resources(json_text(bundle), [row.person_id for row in shown])


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
