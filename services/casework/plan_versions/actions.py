"""Drafting, proposing, activating and completing versions of a plan."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert

from services.casework.cases.actions import require_open
from services.casework.cases.queries import lock_case
from services.casework.pathways.models import Pathway
from services.casework.pathways.queries import get_pathway, steps_of
from services.casework.pathways.rules import (
    PathwayState,
    PathwayVerb,
    allowed_verbs,
    schedule,
)
from services.casework.people.queries import get_key, place_of
from services.casework.permissions import Permission
from services.casework.plan_goals.actions import insert_goal
from services.casework.plan_recommendations.actions import insert_recommendation
from services.casework.plan_steps.actions import change_step, insert_step
from services.casework.plan_steps.queries import list_steps
from services.casework.plan_versions import queries
from services.casework.plan_versions.schemas import PlanCreate
from services.casework.plans.actions import (
    change_plan,
    record_change,
    require_allowed,
    seal_texts,
)
from services.casework.plans.models import Plan
from services.casework.plans.queries import (
    PLANS,
    find_active,
    find_newest,
    get_plan,
    lock_plan,
)
from services.casework.plans.rules.life import PlanState, PlanVerb
from services.casework.plans.rules.recommendations import RecommendationState
from services.casework.plans.schemas import PlanUpdate
from services.casework.problems import PlanNotReady
from services.chassis.data.work import AuditedReading, Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.vault import seal

_OPEN_STATES = {
    RecommendationState.PROPOSED,
    RecommendationState.ACCEPTED,
    RecommendationState.IN_PROGRESS,
}
_GOAL = ("subject", "icf_code", "weight", "baseline", "text", "indicator", "levels")
_RECOMMENDATION = ("sector", "institution_id", "support_kind", "due_on", "state")
_STEP = ("pathway_step", "days_from_start", "due_on", "sector", "institution_id")
_STEP_REST = ("subject", "text", "who", "place", "telephone")


def _require_dates(facts: Mapping[str, Any]) -> None:
    wrong = [
        (name, "wrong_order")
        for name in ("ends_on", "review_due_on")
        if (day := facts[name]) is not None and day < facts["starts_on"]
    ]
    refuse(*wrong)


async def draft_plan(change: Change, new: PlanCreate) -> Stored:
    """Draft the next version of a case's plan.

    The goals, open recommendations and planned steps of the version before are carried
    over. A case has only one version at a time that is not active yet.
    """
    case = await lock_case(change, new.case_id, Permission.EDIT_PLANS)
    require_open(case)
    _require_dates(new.model_dump())
    pathway = None
    if new.pathway_id is not None:
        pathway = await _require_published(change, new.pathway_id)
    # Without a lock: of two drafts at once a unique index refuses one.
    earlier = await find_newest(change, case.id)
    # The id is made first: the sealed summary is bound to it.
    plan_id: UUID = await change.scalar(func.uuidv7().select())
    key = await get_key(change, case.person_id)
    summary = {"summary": new.summary}
    values = new.model_dump(exclude={"summary"}) | {
        "id": plan_id,
        "county_terc": case.county_terc,
        "person_id": case.person_id,
        "number": 1 if earlier is None else earlier.number + 1,
        "state": PlanState.DRAFT,
        "author": change.caller.subject,
        "sealed": seal(key, place_of("plans", plan_id), summary),
    }
    row = await change.one(insert(Plan).values(**values).returning(*PLANS.c))
    plan = Plan(**row._mapping)
    if earlier is not None:
        await _carry_on(change, earlier, plan)
    if pathway is not None:
        await _add_pathway(change, plan, pathway)
    record_change(change, "draft_plan", plan, "drafted", number=plan.number)
    return await queries.get_whole(change, plan)


async def _require_published(change: Change, pathway_id: UUID) -> Pathway:
    pathway = await get_pathway(change, pathway_id)
    allowed = allowed_verbs(PathwayState(pathway.state))
    if PathwayVerb.INSTANTIATE not in allowed:
        refuse(("pathway_id", "not_allowed"))
    return pathway


def _values_of(item: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(item, name) for name in names}


async def _carry_on(change: Change, earlier: Plan, plan: Plan) -> None:
    """Copy the goals, open recommendations and planned steps of the earlier version."""
    before = await queries.list_contents(change, earlier)
    goals: dict[UUID, UUID] = {}
    # Goals first, because recommendations refer to their copies.
    for goal in before.goals:
        facts = _values_of(goal, _GOAL) | {"earlier_id": goal.id}
        goals[goal.id] = (await insert_goal(change, plan, facts)).id
    for recommendation in before.recommendations:
        if recommendation.state not in _OPEN_STATES:
            continue
        facts = _values_of(recommendation, (*_RECOMMENDATION, "text", "note"))
        goal_id = goals.get(recommendation.goal_id) if recommendation.goal_id else None
        facts |= {"earlier_id": recommendation.id, "goal_id": goal_id}
        await insert_recommendation(change, plan, facts)
    for step in before.steps:
        if step.state == "planned":
            facts = _values_of(step, (*_STEP, *_STEP_REST)) | {"earlier_id": step.id}
            await insert_step(change, plan, facts)


async def _add_pathway(change: Change, plan: Plan, pathway: Pathway) -> None:
    """Add the steps of a template to a plan, each on its day."""
    steps = steps_of(pathway)
    days = schedule(steps, plan.starts_on)
    # In Polish, the language of the texts in a plan (`PlanDocument.written_in`).
    titles = {step["key"]: step["title_pl"] for step in pathway.steps}
    for step in steps:
        facts = {
            "pathway_step": step.key,
            # As a distance, so that the step moves with the plan's start.
            "days_from_start": (days[step.key] - plan.starts_on).days,
            "due_on": days[step.key],
            "sector": step.sector,
            "text": titles[step.key],
        }
        await insert_step(change, plan, facts)


async def amend_plan(
    change: Change, plan_id: UUID, patch: PlanUpdate, version: int
) -> Stored:
    """Change the fields named in the patch, in a draft.

    Steps of a pathway keep their distance from the start.
    """
    plan = await lock_plan(change, plan_id, Permission.EDIT_PLANS)
    require_version(plan.version, version)
    require_allowed(plan, PlanVerb.AMEND)
    patched = patch.model_dump(exclude_unset=True)
    after_patch = plan.model_dump() | patched
    # All dates as they would be: a new date can contradict an unchanged one.
    _require_dates(after_patch)
    if "summary" in patched:
        summary = patched.pop("summary")
        patched["sealed"] = await seal_texts(change, plan, summary=summary)
    if after_patch["starts_on"] != plan.starts_on:
        await _move_steps(change, plan, after_patch["starts_on"])
    after = await change_plan(change, plan, **patched)
    fields = sorted(patch.model_fields_set)
    record_change(change, "amend_plan", after, "changed", fields=fields)
    return await queries.get_whole(change, after)


async def _move_steps(change: Change, plan: Plan, starts_on: date) -> None:
    by = starts_on - plan.starts_on
    for step in await list_steps(change, plan.id):
        # Days set by hand stay, and so do completed and skipped steps.
        if step.days_from_start is not None and step.state == "planned":
            await change_step(change, step, {"due_on": step.due_on + by})


async def propose_plan(change: Change, plan_id: UUID, version: int) -> Stored:
    """Propose a draft to the guardian and the team; PlanNotReady names what is missing."""
    plan = await lock_plan(change, plan_id, Permission.EDIT_PLANS)
    require_version(plan.version, version)
    require_allowed(plan, PlanVerb.PROPOSE)
    contents = await queries.list_contents(change, plan)
    # Under the lock, so that no goal can be removed between this check
    # and the proposal.
    missing = queries.list_missing(plan, contents)
    if missing:
        raise PlanNotReady(missing=missing)
    after = await change_plan(change, plan, state=PlanState.PROPOSED)
    record_change(change, "propose_plan", after, "proposed")
    return await queries.get_whole(change, after)


async def activate_plan(
    change: Change, plan_id: UUID, version: int, now: datetime
) -> Stored:
    """Activate an approved version.

    The version that was active before becomes superseded.
    """
    plan = await lock_plan(change, plan_id, Permission.ACTIVATE_PLANS)
    require_version(plan.version, version)
    require_allowed(plan, PlanVerb.ACTIVATE)
    # The old one first: the unique index allows only one active version in a case.
    before = await find_active(change, plan.case_id)
    if before is not None:
        ended = await change_plan(change, before, state=PlanState.SUPERSEDED)
        record_change(change, "supersede_plan", ended, "superseded")
    after = await change_plan(change, plan, state=PlanState.ACTIVE, activated_at=now)
    record_change(change, "activate_plan", after, "activated")
    return await queries.get_whole(change, after)


async def complete_plan(change: Change, plan_id: UUID, version: int) -> Stored:
    """Complete an active version."""
    plan = await lock_plan(change, plan_id, Permission.ACTIVATE_PLANS)
    require_version(plan.version, version)
    require_allowed(plan, PlanVerb.COMPLETE)
    after = await change_plan(change, plan, state=PlanState.COMPLETED)
    record_change(change, "complete_plan", after, "completed")
    return await queries.get_whole(change, after)


async def require_same_case(
    change: AuditedReading, plan: Plan, earlier_id: UUID
) -> Plan:
    """Another version of the same case's plan;
    StateConflict for one of another case.
    """
    earlier = await get_plan(change, earlier_id)
    if earlier.case_id != plan.case_id:
        raise StateConflict(state="another_case", allowed=[])
    return earlier
