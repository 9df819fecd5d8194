"""Approving a proposed version of a plan, and returning it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col

from services.casework.guardianships.queries import (
    find_acting_as,
    person_is_entitled,
)
from services.casework.laws.rules.days import is_of_age
from services.casework.people.queries import get_person
from services.casework.permissions import Permission
from services.casework.plan_versions.queries import (
    get_whole,
    list_contents,
    list_missing,
)
from services.casework.plan_versions.schemas import PlanApprove, Side
from services.casework.plans.actions import (
    change_plan,
    record_change,
    require_allowed,
    seal_texts,
)
from services.casework.plans.models import Plan, PlanApproval
from services.casework.plans.queries import caller_is_at_work, lock_plan
from services.casework.plans.rules.life import PlanState, PlanVerb
from services.casework.problems import ApproverMayNotAct, DoesNotActForChild
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.trust.access import reaches


async def return_plan(
    change: Change, plan_id: UUID, reason: str, version: int, today: date
) -> Stored:
    """Return a proposed version to its author.

    Its approvals are deleted, because the text will change.
    """
    plan = await lock_plan(change, plan_id, Permission.APPROVE_PLANS)
    await _own_side(change, plan, today)
    require_version(plan.version, version)
    require_allowed(plan, PlanVerb.RETURN)
    of_plan = col(PlanApproval.plan_id) == plan_id
    await change.execute(delete(PlanApproval).where(of_plan))
    sealed = await seal_texts(change, plan, returned_because=reason)
    after = await change_plan(change, plan, state=PlanState.DRAFT, sealed=sealed)
    record_change(change, "return_plan", after, "returned")
    return await get_whole(change, after)


async def approve_plan(
    change: Change, plan_id: UUID, approval: PlanApprove, version: int, now: datetime
) -> Stored:
    """Approve a proposed version:
    as a guardian, as the pupil of age, or as a member of the team.

    The version is approved once both sides have approved; on the team's side the
    author's approval does not count.
    """
    plan = await lock_plan(change, plan_id, Permission.APPROVE_PLANS)
    require_version(plan.version, version)
    require_allowed(plan, PlanVerb.APPROVE)
    side = await _side_of(change, plan, approval, now.astimezone(CIVIL_TIME).date())
    subject = change.caller.subject
    if approval.approver_id is not None:
        # A person may have no account; the prefix makes the name different
        # from every account.
        subject = f"person:{approval.approver_id}"
    values = {
        "county_terc": plan.county_terc,
        "plan_id": plan_id,
        "case_id": plan.case_id,
        "person_id": plan.person_id,
        "side": side,
        "subject": subject,
        "approver_id": approval.approver_id,
        "recorded_by": change.caller.subject,
        "approved_at": now,
    }
    await change.execute(insert(PlanApproval).values(**values))
    # Including the approval just added, which may be the last one missing.
    contents = await list_contents(change, plan)
    missing = list_missing(plan, contents)
    state = plan.state if missing else PlanState.APPROVED
    # A new version in both cases, so that the next approver has seen this approval.
    after = await change_plan(change, plan, state=state)
    event = "approved" if state == PlanState.APPROVED else "approval-given"
    record_change(change, "approve_plan", after, event, side=side)
    return await get_whole(change, after)


async def _side_of(
    change: Change, plan: Plan, approval: PlanApprove, day: date
) -> Side:
    """The side of an approval; ApproverMayNotAct for a person
    who does not act for the child.
    """
    if approval.approver_id is None:
        return await _own_side(change, plan, day)
    # Only the county records signatures on paper, never one guardian for another.
    county = plan.county_terc
    if not reaches(change.caller, Permission.ACTIVATE_PLANS, county=county):
        raise ApproverMayNotAct()
    if approval.approver_id == plan.person_id:
        born_on = (await get_person(change, plan.person_id)).identity.born_on
        if is_of_age(born_on, day):
            return "pupil"
        raise ApproverMayNotAct()
    if not await person_is_entitled(change, plan.person_id, approval.approver_id, day):
        raise ApproverMayNotAct()
    return "guardian"


async def _own_side(change: Change, plan: Plan, day: date) -> Side:
    """The side of the caller: for the child, or in the team; DoesNotActForChild for a
    family member who may only read the plan.
    """
    # Acting for this child is checked first: a member of the team may be a parent of
    # another child.
    if acting_as := await find_acting_as(change, plan.person_id, day):
        return acting_as
    if await caller_is_at_work(change, plan.id, Permission.APPROVE_PLANS):
        return "team"
    raise DoesNotActForChild()
