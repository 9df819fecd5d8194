"""Every step of an authority: its conditions, its evidence, and its windows."""

from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.chassis.trust.access import demand
from services.training.authorities.actions import (
    change_authority,
    note_step,
    subject_of,
)
from services.training.authorities.models import Authority
from services.training.authorities.queries import (
    get_authority,
    get_programme_of,
    lock_authority,
)
from services.training.authorities.rules import (
    ADVISORY_MONTHS,
    ALLOWED,
    MONITORING_MONTHS,
    STATE_AFTER,
    AuthorityState,
    AuthorityVerb,
    Window,
    post_project_window,
    window_of,
)
from services.training.authority_transitions import rules
from services.training.authority_transitions.rules import Lack, StepNeed
from services.training.authority_transitions.schemas import ImplementationConfirm
from services.training.check_ins.queries import list_accepted
from services.training.check_ins.rules import CheckInKind
from services.training.consultation_events.queries import get_sums
from services.training.diagnoses.queries import (
    content_of,
    find_accepted,
    find_newest,
)
from services.training.diagnoses.rules.content import Section, missing_sections
from services.training.permissions import Permission
from services.training.problems import AuthorityNotReady, StrategicPlanNotFound
from services.training.strategic_plans.actions import change_plan
from services.training.strategic_plans.models import StrategicPlan
from services.training.strategic_plans.queries import find_plan, list_unanswered
from services.training.strategic_plans.rules.states import PlanState
from services.training.task_teams.queries import get_team
from services.training.task_teams.rules import missing_to_be_trained, trained_on

# A plan that is being implemented was adopted before.
_ADOPTED = (PlanState.ADOPTED, PlanState.IMPLEMENTING)


async def _lock(
    change: Change, authority_id: UUID, verb: AuthorityVerb, version: int
) -> Authority:
    """An authority of the caller's counties whose state allows the verb, locked."""
    authority = await lock_authority(change, authority_id)
    county = authority.county_terc
    # Authorities are public: without the right the answer is OutsideScope, not 404.
    demand(change.caller, Permission.MOVE_AUTHORITIES, county=county)
    # Before the state: a caller with an older version has to read again first.
    require_version(authority.version, version)
    allowed = ALLOWED[AuthorityState(authority.state)]
    if verb not in allowed:
        raise StateConflict(state=authority.state, allowed=allowed)
    return authority


def _require(authority: Authority, lack: Lack) -> None:
    """AuthorityNotReady with all missing needs and their details, if there are any."""
    if lack.missing:
        # Empty lists are left out: they would look like details.
        about: dict[str, Any] = {
            name: items for name, items in lack.about.items() if items
        }
        raise AuthorityNotReady(state=authority.state, missing=lack.missing, **about)


async def _move(
    change: Change,
    authority: Authority,
    verb: AuthorityVerb,
    today: date,
    evidence: dict[str, str],
    **values: Any,
) -> Stored:
    """Take an authority to the state that follows the verb, and store the step."""
    state = STATE_AFTER[verb]
    reason: str | None = values.get("withdrawal_reason")
    await change_authority(change, authority, state=state, **values)
    await note_step(change, authority, state, today, reason, evidence)
    # Events are named by the new state: followers know no verbs.
    event = f"authority.{state.value.replace('_', '-')}"
    subject = subject_of(authority, authority.version + 1)
    action = "withdraw_authority" if reason else verb.value.replace("-", "_")
    change.record(action, subject, event, state_before=authority.state)
    return await get_authority(change, authority.id)


def _days(name: str, window: Window) -> dict[str, date]:
    """The columns of a window."""
    return {f"{name}_starts_on": window.starts_on, f"{name}_ends_on": window.ends_on}


def _iso_days(days: dict[str, date]) -> dict[str, str]:
    return {name: day.isoformat() for name, day in days.items()}


async def confirm_training(
    change: Change, authority_id: UUID, version: int, today: date
) -> Stored:
    """Confirm that the team is trained: the twelve months of advice begin.

    They begin on the day on which the last member completed the training, whenever it
    is confirmed.
    """
    verb = AuthorityVerb.CONFIRM_TRAINING
    authority = await _lock(change, authority_id, verb, version)
    # A team may be trained in groups of another county.
    async with acting_everywhere(change):
        team = await get_team(change, authority)
    people = team.trainings
    about = {
        "not_completed": [str(p.trainee_id) for p in people if not p.completed_on],
        "without_account": [str(p.trainee_id) for p in people if not p.has_account],
        "missed": [
            f"{person.trainee_id}/{session}"
            for person in people
            for session in person.missed_sessions
        ],
        "unsigned": sorted({str(s) for p in people for s in p.unsigned_sessions}),
    }
    _require(authority, Lack(missing_to_be_trained(people, team.size), about))
    days = _days("advisory", window_of(trained_on(people), ADVISORY_MONTHS))
    return await _move(change, authority, verb, today, _iso_days(days), **days)


async def confirm_diagnosis(
    change: Change, authority_id: UUID, version: int, today: date
) -> Stored:
    """Confirm that the diagnosis is ready: accepted, with all its sections."""
    verb = AuthorityVerb.CONFIRM_DIAGNOSIS
    authority = await _lock(change, authority_id, verb, version)
    accepted = await find_accepted(change, authority_id)
    # The refusal names the sections that the newest draft lacks as well.
    if accepted is None:
        newest = await find_newest(change, authority_id)
        lacking = [*Section] if newest is None else missing_sections(content_of(newest))
        missing = [StepNeed.ACCEPTED_DIAGNOSIS]
        raise AuthorityNotReady(
            state=authority.state, missing=missing, sections=lacking
        )
    evidence = {"diagnosis_id": str(accepted.id)}
    return await _move(change, authority, verb, today, evidence)


async def _get_adopted(change: Change, authority: Authority) -> StrategicPlan:
    """The adopted plan, which answers the newest accepted diagnosis."""
    plan = await find_plan(change, authority.id)
    unanswered = await list_unanswered(change, authority.id, plan)
    is_adopted = plan is not None and plan.state in _ADOPTED
    lack = rules.lack_of_plan(is_adopted=is_adopted, unanswered=unanswered)
    _require(authority, lack)
    # For the type checker: without a plan `_require` has raised before.
    if plan is None:
        raise StrategicPlanNotFound()
    return plan


async def confirm_plan(
    change: Change, authority_id: UUID, version: int, today: date
) -> Stored:
    """Confirm that the plan is ready: adopted, every recommendation answered."""
    verb = AuthorityVerb.CONFIRM_PLAN
    authority = await _lock(change, authority_id, verb, version)
    plan = await _get_adopted(change, authority)
    return await _move(change, authority, verb, today, {"plan_id": str(plan.id)})


async def confirm_implementation(
    change: Change,
    authority_id: UUID,
    task: ImplementationConfirm,
    version: int,
    today: date,
) -> Stored:
    """Confirm that the implementation has started: twelve months of monitoring begin.

    Three windows are stored: the task's, the authority's own, and the two years after
    the project.
    """
    verb = AuthorityVerb.CONFIRM_IMPLEMENTATION
    authority = await _lock(change, authority_id, verb, version)
    # Before the plan is read: these errors do not depend on stored data.
    if error := rules.task_error(task.task_starts_on, task.task_ends_on, today):
        refuse(error)
    plan = await _get_adopted(change, authority)
    consulted = (await get_sums(change, authority_id)).people
    has_started = bool(plan.started_measures)
    lack = rules.lack_of_implementation(has_started=has_started, consulted=consulted)
    _require(authority, lack)
    programme = await get_programme_of(change, authority)
    # From today: months before the confirmation are not reported on.
    monitoring = window_of(today, MONITORING_MONTHS)
    after = post_project_window(programme.ends_on, monitoring.ends_on)
    days = task.model_dump() | _days("monitoring", monitoring)
    days |= _days("post_project", after)
    return await _move(change, authority, verb, today, _iso_days(days), **days)


async def confirm_monitoring(
    change: Change,
    authority_id: UUID,
    kind: CheckInKind,
    version: int,
    today: date,
) -> Stored:
    """Confirm that an authority was monitored: all check-ins of the kind are accepted.

    With the twelve monthly ones, the plan's state becomes monitored as well.
    """
    monthly = kind is CheckInKind.MONTHLY
    verb = (
        AuthorityVerb.CONFIRM_MONITORING
        if monthly
        else AuthorityVerb.CONFIRM_POST_PROJECT_MONITORING
    )
    authority = await _lock(change, authority_id, verb, version)
    accepted = await list_accepted(change, authority_id, kind)
    _require(authority, rules.lack_of_check_ins(kind, accepted))
    plan = await find_plan(change, authority_id)
    # In the same transaction: plan and authority become monitored together.
    if monthly and plan is not None:
        state, action = PlanState.MONITORED, "monitor_strategic_plan"
        await change_plan(change, plan, action, "monitored", state=state)
    return await _move(
        change, authority, verb, today, {"check_ins": str(len(accepted))}
    )


async def withdraw_authority(
    change: Change, authority_id: UUID, reason: str, version: int, today: date
) -> Stored:
    """End the participation of an authority, with a reason; its work stays readable."""
    verb = AuthorityVerb.WITHDRAW
    authority = await _lock(change, authority_id, verb, version)
    # Members stay related: they may still read their own work.
    values = {"withdrawal_reason": reason}
    return await _move(change, authority, verb, today, {}, **values)
