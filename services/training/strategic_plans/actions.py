"""Every change of a strategic plan."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.training.authorities.queries import lock_worked
from services.training.diagnoses.queries import find_accepted
from services.training.permissions import Permission
from services.training.problems import MeasureNotFound, StrategicPlanIncomplete
from services.training.strategic_plans import queries
from services.training.strategic_plans.models import StrategicPlan
from services.training.strategic_plans.rules.content import (
    PlanContent,
    PlanNeed,
    content_errors,
)
from services.training.strategic_plans.rules.states import (
    PLAN_ALLOWED,
    PlanState,
    start_error,
)
from services.training.strategic_plans.schemas import PlanAdopt

_WRITE = Permission.WRITE_AUTHORITY_WORK
# A plan may be consulted before the diagnosis is accepted, but not adopted.
_TO_CONSULT = frozenset(
    {PlanNeed.ACCEPTED_DIAGNOSIS, PlanNeed.ANSWERS_TO_RECOMMENDATIONS}
)
"""Needs that do not prevent a consultation."""


def _record(change: Change, action: str, plan: StrategicPlan, event: str) -> None:
    path = f"authorities/{plan.authority_id}/strategic-plan"
    subject = Subject(path, plan.version, plan.county_terc)
    change.record(action, subject, f"strategic-plan.{event}", plan_id=str(plan.id))


async def begin_plan(
    change: Change, authority_id: UUID, content: PlanContent
) -> Stored:
    """Begin the plan of an authority; StrategicPlanAlreadyBegun."""
    authority = await lock_worked(change, authority_id, _WRITE)
    refuse(*content_errors(content))
    statement = insert(StrategicPlan).values(
        county_terc=authority.county_terc,
        authority_id=authority_id,
        content=content.model_dump(mode="json"),
        started_measures={},
    )
    row = await change.one(statement.returning(*queries.PLANS.c))
    plan = StrategicPlan(**row._mapping)
    _record(change, "begin_strategic_plan", plan, "begun")
    return await queries.get_shown_plan(change, plan)


async def _lock(
    change: Change, authority_id: UUID, version: int, verb: str
) -> StrategicPlan:
    await lock_worked(change, authority_id, _WRITE)
    plan = await queries.get_plan(change, authority_id, _WRITE)
    require_version(plan.version, version)
    allowed = PLAN_ALLOWED[PlanState(plan.state)]
    if verb not in allowed:
        raise StateConflict(state=plan.state, allowed=allowed)
    return plan


async def change_plan(
    change: Change, plan: StrategicPlan, action: str, event: str, **values: Any
) -> StrategicPlan:
    """Give the plan of a locked authority these values and its next version."""
    stamp = {"version": StrategicPlan.version + 1, "changed_at": func.now()}
    statement = update(StrategicPlan).where(col(StrategicPlan.id) == plan.id)
    statement = statement.values(**values, **stamp)
    row = await change.one(statement.returning(*queries.PLANS.c))
    after = StrategicPlan(**row._mapping)
    _record(change, action, after, event)
    return after


async def revise_plan(
    change: Change, authority_id: UUID, content: PlanContent, version: int
) -> Stored:
    """Replace the content; a consulted plan becomes a draft again."""
    plan = await _lock(change, authority_id, version, "revise")
    refuse(*content_errors(content))
    # The new content has not been consulted.
    values = {"content": content.model_dump(mode="json"), "state": PlanState.DRAFT}
    action = "revise_strategic_plan"
    after = await change_plan(change, plan, action, "revised", **values)
    return await queries.get_shown_plan(change, after)


async def consult_plan(change: Change, authority_id: UUID, version: int) -> Stored:
    """Mark a complete draft as consulted; otherwise StrategicPlanIncomplete."""
    plan = await _lock(change, authority_id, version, "consult")
    needs, _ = await queries.list_missing(change, plan)
    if missing := [need for need in needs if need not in _TO_CONSULT]:
        raise StrategicPlanIncomplete(state=plan.state, missing=missing)
    state, action = PlanState.CONSULTED, "consult_strategic_plan"
    after = await change_plan(change, plan, action, "consulted", state=state)
    return await queries.get_shown_plan(change, after)


async def adopt_plan(
    change: Change, authority_id: UUID, adoption: PlanAdopt, version: int, today: date
) -> Stored:
    """Adopt a consulted plan that answers every recommendation of the diagnosis.

    StrategicPlanIncomplete names what is missing and which are unanswered.
    """
    plan = await _lock(change, authority_id, version, "adopt")
    if adoption.adopted_on > today:
        refuse(("adopted_on", "in_future"))
    missing, open_codes = await queries.list_missing(change, plan)
    diagnosis = await find_accepted(change, authority_id)
    if missing or diagnosis is None:
        raise StrategicPlanIncomplete(
            state=plan.state, missing=missing, unanswered=open_codes
        )
    # The answered diagnosis is stored, since a later one may be accepted.
    values = adoption.model_dump() | {"diagnosis_id": diagnosis.id}
    state, action = PlanState.ADOPTED, "adopt_strategic_plan"
    after = await change_plan(change, plan, action, "adopted", state=state, **values)
    return await queries.get_shown_plan(change, after)


async def start_measure(
    change: Change,
    address: tuple[UUID, str],
    started_on: date,
    version: int,
    today: date,
) -> Stored:
    """Start a measure of an adopted plan, whose state becomes `implementing`.

    `address`: the authority's id and the measure's code.
    """
    authority_id, code = address
    plan = await _lock(change, authority_id, version, "start-measure")
    if code not in {each.code for each in queries.content_of(plan).measures}:
        raise MeasureNotFound()
    # Once: another day would change the evidence of a step.
    if code in plan.started_measures:
        raise StateConflict(state="started", allowed=[])
    if error := start_error(started_on, plan.adopted_on or today, today):
        refuse(("started_on", error))
    started_measures = plan.started_measures | {code: started_on.isoformat()}
    values = {"state": PlanState.IMPLEMENTING, "started_measures": started_measures}
    event = "measure-started"
    after = await change_plan(change, plan, "start_measure", event, **values)
    return await queries.get_shown_plan(change, after)
