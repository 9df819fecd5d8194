"""Every query on the versions of plans."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from services.casework.people.queries import get_key, lock_people, place_of
from services.casework.permissions import Permission
from services.casework.plans.models import Plan, PlanApproval
from services.casework.plans.rules.life import (
    Approval,
    ApproverRole,
    PlanState,
    allowed_verbs,
)
from services.casework.plans.schemas import PlanList, PlanRead, PlanSummary
from services.casework.problems import PlanNotFound
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.trust.vault import unseal
from services.chassis.web.filters import Filter, Filtered, SharedQuery, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

Condition = ColumnElement[bool]

PLANS = rows_of(Plan)
APPROVALS = rows_of(PlanApproval)
# A team belongs to one case, an emergency access to the child. Without guardians: a
# draft is only for those who work on it.
_AT_WORK = {"team": PLANS.c.case_id, "break_glass": PLANS.c.person_id}
RELATED = {**_AT_WORK, "guardian": PLANS.c.person_id}
"""The column that each kind of relation to a plan is matched with."""
_LIST = Filtered(
    Listing(
        {name: PLANS.c[name] for name in PlanSummary.model_fields},
        {"changed_at": PLANS.c.changed_at, "number": PLANS.c.number},
        "-changed_at",
        PLANS.c.id,
    ),
    PLANS,
    {
        name: Filter(PLANS.c[name], leads=name in {"case_id", "person_id"})
        for name in ("case_id", "person_id", "county_terc", "state")
    },
    county=PLANS.c.county_terc,
    objects=RELATED,
)


def reach(caller: Caller, permission: Permission) -> ColumnElement[bool]:
    """The plans that the caller's permission reaches; drafts only for those who work on
    the case.
    """
    reached = within(caller, permission, county=PLANS.c.county_terc, objects=RELATED)
    return and_(reached, *draft_conditions(caller, permission))


def draft_conditions(caller: Caller, permission: Permission) -> list[Condition]:
    """SQL conditions that hide drafts from guardians; none for other callers."""
    # For everybody else the condition would be true for every row.
    if "guardian" not in caller.relations.get(permission, ()):
        return []
    county = PLANS.c.county_terc
    at_work = within(caller, permission, county=county, objects=_AT_WORK)
    return [or_(PLANS.c.state != PlanState.DRAFT, at_work)]


def list_plans(query: PlanList, caller: Caller) -> Listed:
    """The versions that a list shows; drafts only for those who work on them."""
    permission = Permission.READ_PLANS
    values = {name: getattr(query, name) for name in _LIST.filters}
    listed = filtered(_LIST, values, caller, permission)
    conditions = draft_conditions(caller, permission)
    return listed.where(*conditions) if conditions else listed


def _select(plan_id: UUID, caller: Caller, permission: Permission) -> Rows:
    statement: Rows = select(PLANS)
    return statement.where(PLANS.c.id == plan_id, reach(caller, permission))


async def get_plan(
    reading: Reading, plan_id: UUID, permission: Permission = Permission.READ_PLANS
) -> Plan:
    """One version within the caller's reach."""
    if draft_conditions(reading.caller, permission):
        # A guardian's statement has a further condition, so it cannot be the shared
        # cached one.
        statement = _select(plan_id, reading.caller, permission)
        return await reading.instance(Plan, statement, PlanNotFound)
    query = by_key(_LIST, plan_id, reading.caller, permission)
    return await reading.instance(Plan, query.statement, PlanNotFound, query.values)


def shared_query(plan_id: UUID, caller: Caller) -> SharedQuery | None:
    """The cached statement about one version, shared by callers with the same reach;
    None for guardians, whose statement has a further condition.
    """
    permission = Permission.READ_PLANS
    if draft_conditions(caller, permission):
        return None
    return by_key(_LIST, plan_id, caller, permission)


async def caller_is_at_work(
    reading: Reading, plan_id: UUID, permission: Permission
) -> bool:
    """Whether the caller reaches a version as somebody who works on the case."""
    caller, county = reading.caller, PLANS.c.county_terc
    reached = within(caller, permission, county=county, objects=_AT_WORK)
    statement = select(PLANS.c.id).where(PLANS.c.id == plan_id, reached)
    return await reading.find(statement) is not None


async def lock_plan(change: Change, plan_id: UUID, permission: Permission) -> Plan:
    """One version within the caller's reach, locked until the transaction ends."""
    statement = _select(plan_id, change.caller, permission)
    await lock_people(change, statement.with_only_columns(PLANS.c.person_id))
    return await change.instance(Plan, statement.with_for_update(), PlanNotFound)


class PlanTexts(NamedTuple):
    """The texts of a version."""

    summary: str | None
    returned_because: str | None


async def get_texts(reading: Reading, plan: Plan) -> PlanTexts:
    """The summary of a plan, and the reason why a draft was returned."""
    return texts_of(plan, await get_key(reading, plan.person_id))


def texts_of(plan: Plan, key: bytes) -> PlanTexts:
    """The same with the child's key."""
    return opened_texts(unseal(key, place_of("plans", plan.id), plan.sealed))


def opened_texts(sealed: Mapping[str, Any]) -> PlanTexts:
    """The texts among the opened values of a version."""
    return PlanTexts(sealed.get("summary"), sealed.get("returned_because"))


async def get_shown(reading: Reading, plan: Plan) -> Stored:
    """A version as it is shown, without its goals, recommendations and steps."""
    facts = plan.model_dump(include={*PlanSummary.model_fields})
    texts = await get_texts(reading, plan)
    allowed = allowed_verbs(PlanState(plan.state))
    body = PlanRead(
        **facts,
        summary=texts.summary,
        returned_because=texts.returned_because,
        allowed=allowed,
    )
    return Stored(plan.id, plan.version, body.model_dump_json())


async def find_newest(reading: Reading, case_id: UUID) -> Plan | None:
    """The newest version of a case's plan."""
    # By the number: `changed_at` does not follow the order of versions.
    statement = select(PLANS).where(PLANS.c.case_id == case_id)
    row = await reading.find(statement.order_by(PLANS.c.number.desc()).limit(1))
    return None if row is None else Plan(**row._mapping)


async def find_active(change: Change, case_id: UUID) -> Plan | None:
    """The active version, locked until the transaction ends; None without one."""
    statement = select(PLANS).where(
        PLANS.c.case_id == case_id, PLANS.c.state == PlanState.ACTIVE
    )
    # Of two activations at once the second waits here.
    row = await change.find(statement.with_for_update())
    return None if row is None else Plan(**row._mapping)


async def list_approvals(reading: Reading, plan_id: UUID) -> Sequence[PlanApproval]:
    """The approvals of a version, in order."""
    statement = select(APPROVALS).where(APPROVALS.c.plan_id == plan_id)
    rows = await reading.rows(statement.order_by(APPROVALS.c.approved_at))
    return [PlanApproval(**row._mapping) for row in rows]


def as_approval(side: str, subject: str) -> Approval:
    """An approval as the rules' type; approvals for the child count
    on the guardian's side.
    """
    # A pupil of age decides alone, so the pupil's approval counts as a guardian's.
    is_team = side == "team"
    role = ApproverRole.TEAM_MEMBER if is_team else ApproverRole.GUARDIAN
    return Approval(role, subject)


async def get_next_number(reading: Reading, table: type, plan_id: UUID) -> int:
    """The number of the next goal, recommendation, step or review of a version."""
    rows = rows_of(table)
    # Callers of this function have locked the version, so no number is used twice.
    newest = func.coalesce(func.max(rows.c.number), 0) + 1
    number: int = await reading.scalar(select(newest).where(rows.c.plan_id == plan_id))
    return number
