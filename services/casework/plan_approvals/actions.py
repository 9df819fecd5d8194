"""Who approves a proposed version of a plan, and who gives it back."""

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
    """Give a proposed version back to its author.

    The approvals it had are of another text, and go.
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

    With the approvals of both sides the version is approved;
    its author's alone never suffices.
    """
    plan = await lock_plan(change, plan_id, Permission.APPROVE_PLANS)
    require_version(plan.version, version)
    require_allowed(plan, PlanVerb.APPROVE)
    side = await _side_of(change, plan, approval, now.astimezone(CIVIL_TIME).date())
    subject = change.caller.subject
    if approval.approver_id is not None:
        # A person may have no account: by the prefix the name is that of none.
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
    # With the approval that was just added: it may be the last that was missing.
    contents = await list_contents(change, plan)
    missing = list_missing(plan, contents)
    state = plan.state if missing else PlanState.APPROVED
    # A new version either way: the next who approves has read of this approval.
    after = await change_plan(change, plan, state=state)
    event = "approved" if state == PlanState.APPROVED else "approval-given"
    record_change(change, "approve_plan", after, event, side=side)
    return await get_whole(change, after)


async def _side_of(
    change: Change, plan: Plan, approval: PlanApprove, day: date
) -> Side:
    """On whose side an approval stands;
    ApproverMayNotAct for somebody who acts for nobody here.
    """
    if approval.approver_id is None:
        return await _own_side(change, plan, day)
    # A signature on paper is recorded by the county, never by a guardian for another.
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
    """On whose side the caller decides on a plan: for the child, or in the team;
    DoesNotActForChild for one of the family who only sees it.
    """
    # Somebody of the team may be another child's parent, and is of the team here.
    if acting_as := await find_acting_as(change, plan.person_id, day):
        return acting_as
    if await caller_is_at_work(change, plan.id, Permission.APPROVE_PLANS):
        return "team"
    raise DoesNotActForChild()
