"""Cases imported in one transaction: an error in one does not affect the others."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from services.casework.assessments.rules.findings import finding_errors
from services.casework.assessments.rules.life import missing as missing_of_assessment
from services.casework.case_batches.rules import TakeOver
from services.casework.case_batches.schemas import CaseBatch
from services.casework.cases.queries import WORKED_WITH
from services.casework.cases.rules import CaseFacts
from services.casework.cases.rules import Subject as Whom
from services.casework.cases.schemas import Track
from services.casework.laws.rules.days import is_of_age
from services.casework.people.actions import require_new_number
from services.casework.people.rules import PersonKind, contradictions
from services.casework.permissions import Permission
from services.casework.plans.rules.life import (
    Approval,
    ApproverRole,
    missing_to_approve,
    missing_to_propose,
)
from services.casework.problems import AssessmentNotReady, CaseNotReady, PlanNotReady
from services.casework.taken_cases.actions import CaseIds, write_cases
from services.casework.taken_cases.rules import Days, day_errors, lacking
from services.casework.taken_cases.schemas import TakenCase
from services.chassis.data.work import Change
from services.chassis.ground.bodies import validated
from services.chassis.ground.problems import Problem, refuse
from services.chassis.trust.access import demand

_DEMANDED = (
    Permission.EDIT_PEOPLE,
    Permission.EDIT_GUARDIANSHIPS,
    Permission.RECORD_CONSENTS,
    Permission.OPEN_CASES,
    Permission.MOVE_CASES,
    Permission.EDIT_TEAMS,
    Permission.EDIT_ASSESSMENTS,
    Permission.EDIT_PLANS,
    Permission.ACTIVATE_PLANS,
    Permission.RECORD_REVIEWS,
)
"""All permissions that the same work would need step by step."""


class TakenOver(NamedTuple):
    """The result for one case of a batch: its ids, or why it was refused."""

    status: TakeOver
    ids: CaseIds | None = None
    refusal: Problem | IntegrityError | None = None


async def take_over_cases(
    change: Change, batch: CaseBatch, today: date
) -> list[TakenOver]:
    """Check each case separately, and write all valid ones; a refusal concerns only
    that case.
    """
    checked = [await _check(change, facts, today) for facts in batch.items]
    valid_cases = [each for each in checked if isinstance(each, TakenCase)]
    results = iter(await _write(change, valid_cases))
    return [next(results) if isinstance(each, TakenCase) else each for each in checked]


async def _check(change: Change, facts: object, today: date) -> TakenCase | TakenOver:
    try:
        # Items that the body's parser could not read are passed on unchanged;
        # `validated` raises with their errors.
        case = facts if isinstance(facts, TakenCase) else validated(TakenCase, facts)
        for permission in _DEMANDED:
            demand(change.caller, permission, county=case.county_terc)
        _require_right(case, today)
        _require_ready(case)
        for person in (case.child, case.guardian):
            await require_new_number(change, case.county_terc, person.pesel)
    except Problem as refusal:
        return TakenOver(TakeOver.REFUSED, refusal=refusal)
    return case


async def _write(change: Change, cases: Sequence[TakenCase]) -> list[TakenOver]:
    """Write them all at once, or, where the database refuses one of them, one by one."""
    if not cases:
        return []
    try:
        async with change.nested():
            ids_of_cases = await write_cases(
                change, [(one, _days_of(one)) for one in cases]
            )
    except IntegrityError as refusal:
        if len(cases) == 1:
            return [TakenOver(TakeOver.REFUSED, refusal=refusal)]
        return [each for one in cases for each in await _write(change, [one])]
    return [TakenOver(TakeOver.CREATED, each) for each in ids_of_cases]


def _days_of(case: TakenCase) -> Days:
    """The days of a case, in the order of its steps."""
    return Days(
        case.first_contact_on,
        case.opened_on,
        case.consent.given_on,
        case.assessment.assessed_on,
        case.plan.approved_on,
        case.plan.starts_on,
        [each.held_on for each in case.reviews],
    )


def _require_right(case: TakenCase, today: date) -> None:
    """ValidationFailed with all contradictions in the case."""
    wrong = day_errors(_days_of(case), today)
    for name, person in (("child", case.child), ("guardian", case.guardian)):
        facts = person.model_dump() | {"kind": PersonKind.BORN}
        wrong += [
            (f"{name}/{field}", code) for field, code in contradictions(facts, today)
        ]
    born_on = case.child.born_on
    if born_on is None:
        wrong.append(("child/born_on", "missing"))
    elif is_of_age(born_on, case.consent.given_on):
        # A pupil of age consents alone: such a case is opened one by one.
        wrong.append(("child/born_on", "of_age"))
    if case.track is Track.WOKRO:
        # Such a case needs documents that admit it,
        # and each of these is checked by a person.
        wrong.append(("track", "not_allowed"))
    content = case.assessment.model_dump(mode="json", include={"findings"})
    finding_codes = finding_errors(content["findings"])
    wrong += [(f"assessment/{place}", code) for place, code in finding_codes]
    refuse(*wrong, *_of_plan(case))


def _of_plan(case: TakenCase) -> list[tuple[str, str]]:
    plan, goals = case.plan, len(case.plan.goals)
    wrong = [
        (f"plan/{name}", "wrong_order")
        for name in ("ends_on", "review_due_on")
        if (day := getattr(plan, name)) is not None and day < plan.starts_on
    ]
    wrong += [
        (f"plan/recommendations/{number}/goal", "not_found")
        for number, recommendation in enumerate(plan.recommendations)
        if recommendation.goal is not None and recommendation.goal > goals
    ]
    wrong += [
        (f"reviews/{number}/levels", "missing")
        for number, review in enumerate(case.reviews)
        # A score over some of the goals would mislead.
        if len(review.levels) != goals
    ]
    team = [member.subject for member in case.team]
    if len({*team}) < len(team):
        wrong.append(("team", "repeated"))
    if plan.approved_by not in team:
        wrong.append(("plan/approved_by", "not_found"))
    if case.assessment.assessor not in team:
        wrong.append(("assessment/assessor", "not_found"))
    return wrong


def _require_ready(case: TakenCase) -> None:
    """Raises what the single steps would have raised: CaseNotReady, AssessmentNotReady
    or PlanNotReady.
    """
    assessment, plan = case.assessment, case.plan
    if lacks := missing_of_assessment(assessment.findings, assessment.strengths):
        raise AssessmentNotReady(missing=lacks)
    subjects = [Whom(goal.subject) for goal in plan.goals]
    signed = [
        Approval(ApproverRole.GUARDIAN, "guardian"),
        Approval(ApproverRole.TEAM_MEMBER, plan.approved_by),
    ]
    needs = missing_to_propose(subjects, len(plan.recommendations))
    needs += missing_to_approve(signed, plan.author)
    if needs:
        raise PlanNotReady(missing=needs)
    facts = CaseFacts(
        has_legal_basis={*WORKED_WITH} <= {*case.consent.categories},
        has_guardian=True,
        has_coordinator=True,
        has_assessment=True,
        team_sectors=[member.sector for member in case.team],
        has_approved_plan=True,
        has_active_plan=True,
    )
    if missing := lacking(facts):
        raise CaseNotReady(missing=missing)
