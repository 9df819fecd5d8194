"""A case that was judged by the rules, and is written with all that belongs to it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert

from services.casework.assessments.models import Assessment
from services.casework.assessments.rules.life import AssessmentState
from services.casework.case_members.actions import TEAM
from services.casework.case_members.models import CaseMember
from services.casework.cases.actions import OPENED, next_number
from services.casework.cases.actions import record_change as record_case
from services.casework.cases.models import Case, CaseStep
from services.casework.cases.rules import CaseState
from services.casework.consents.actions import record_change as record_consent
from services.casework.consents.models import Consent
from services.casework.consents.rules import EXCEPTIONS, Basis, Purpose
from services.casework.guardianships.actions import insert_guardianship
from services.casework.guardianships.rules import GuardianshipKind, Scope
from services.casework.guardianships.schemas import GuardianshipCreate
from services.casework.laws.rules.days import months_after
from services.casework.laws.rules.values import LAWS, in_force
from services.casework.people.actions import insert_person
from services.casework.people.queries import KnownPerson, place_of
from services.casework.people.rules import PersonKind
from services.casework.plan_goals.models import Goal
from services.casework.plan_goals.schemas import GoalTexts
from services.casework.plan_recommendations.models import Recommendation
from services.casework.plan_reviews.models import Review
from services.casework.plan_reviews.rules import WeighedGoal, score
from services.casework.plans.actions import record_change as record_plan
from services.casework.plans.models import Plan, PlanApproval
from services.casework.plans.rules.life import PlanState
from services.casework.plans.rules.recommendations import RecommendationState
from services.casework.taken_cases.queries import new_ids
from services.casework.taken_cases.rules import Days, steps
from services.casework.taken_cases.schemas import TakenCase, TakenPerson
from services.chassis.data.effects import Subject
from services.chassis.data.relating import Relation, write_relations
from services.chassis.data.work import Change
from services.chassis.ground.clock import civil_midnight
from services.chassis.trust.relations import account_holder
from services.chassis.trust.vault import seal

_ACTION = "take_over_case"
_TEXTS = {*GoalTexts.model_fields}


class Made(NamedTuple):
    """What a case that was taken over is found by."""

    case_id: UUID
    person_id: UUID
    plan_id: UUID


class _Case(NamedTuple):
    """A case on its way into the tables."""

    change: Change
    taken: TakenCase
    days: Days
    child: KnownPerson
    guardian_id: UUID
    ids: Sequence[UUID]

    @property
    def case_id(self) -> UUID:
        return self.ids[0]

    @property
    def plan_id(self) -> UUID:
        return self.ids[1]

    @property
    def of_county(self) -> dict[str, Any]:
        """What every row says of whose it is."""
        return {
            "county_terc": self.taken.county_terc,
            "person_id": self.child.person.id,
        }

    @property
    def of_plan(self) -> dict[str, Any]:
        return self.of_county | {"plan_id": self.plan_id, "case_id": self.case_id}

    def sealed(self, table: str, row_id: UUID, values: Mapping[str, Any]) -> bytes:
        return seal(self.child.key, place_of(table, row_id), values)


async def write_case(change: Change, taken: TakenCase, days: Days) -> Made:
    """Write a case with its child, parent, consent, team, assessment, plan and reviews;
    the day of each is that on which it happened, and the caller is who entered it.
    """
    child = await _write_person(change, taken, taken.child)
    guardian = await _write_person(change, taken, taken.guardian)
    await _begin_guardianship(change, child, guardian.person.id)
    plan = taken.plan
    parts = len(plan.goals) + len(plan.recommendations) + len(taken.reviews)
    # Of the case, its plan, the consent and the assessment, then of the plan's parts.
    ids = await new_ids(change, 4 + parts)
    case = _Case(change, taken, days, child, guardian.person.id, ids)
    await _write_case(case)
    await _write_team(case)
    await _write_consent(case)
    await _write_assessment(case)
    await _write_plan(case)
    await _write_parts(case)
    return Made(case.case_id, child.person.id, case.plan_id)


async def _write_person(
    change: Change, taken: TakenCase, person: TakenPerson
) -> KnownPerson:
    facts = {"county_terc": taken.county_terc, "kind": PersonKind.BORN}
    return await insert_person(change, person.model_dump() | facts)


async def _begin_guardianship(
    change: Change, child: KnownPerson, guardian_id: UUID
) -> None:
    new = GuardianshipCreate(
        child_id=child.person.id,
        guardian_id=guardian_id,
        kind=GuardianshipKind.PARENTAL_FULL,
        starts_on=child.identity.born_on or date.min,
    )
    await insert_guardianship(change, child, new, [*Scope])


async def _write_case(case: _Case) -> None:
    taken, change = case.taken, case.change
    subject = change.caller.subject
    way = [*steps(case.days)]
    months = in_force(LAWS.reaction, way[-1].on).review_months
    values = case.of_county | {
        "id": case.case_id,
        "number": await next_number(change, taken.county_terc, taken.opened_on),
        "track": taken.track,
        "state": way[-1].state,
        "coordinator": taken.coordinator or subject,
        "institution_id": taken.institution_id,
        "first_contact_on": taken.first_contact_on,
        "opened_on": taken.opened_on,
        "review_due_on": months_after(way[-1].on, months),
        "sealed": case.sealed("cases", case.case_id, {"reason": taken.reason}),
    }
    await change.execute(insert(Case).values(**values))
    told = [(OPENED, CaseState.DRAFT, taken.opened_on), *way]
    rows = [
        case.of_county
        | {"case_id": case.case_id, "number": number, "verb": verb, "state": state}
        | {"by": subject, "at": civil_midnight(day)}
        for number, (verb, state, day) in enumerate(told, 1)
    ]
    await change.execute(insert(CaseStep), rows)
    record_case(change, _ACTION, Case(**values), "opened", track=taken.track.value)


async def _write_team(case: _Case) -> None:
    joined_at = civil_midnight(case.days.assessed_on)
    rows = [
        member.model_dump()
        | case.of_county
        | {"case_id": case.case_id, "joined_at": joined_at}
        for member in case.taken.team
    ]
    await case.change.execute(insert(CaseMember), rows)
    await write_relations(
        case.change,
        [
            Relation(account_holder(member.subject), TEAM, each, case.taken.county_terc)
            for member in case.taken.team
            for each in (case.case_id, case.child.person.id)
        ],
    )


async def _write_consent(case: _Case) -> None:
    consent_id, consent = case.ids[2], case.taken.consent
    written = {"act": None, "evidence": consent.evidence}
    values = case.of_county | {
        "id": consent_id,
        "basis": Basis.CONSENT,
        "exception": EXCEPTIONS[Basis.CONSENT],
        "purpose": Purpose.CASEWORK,
        "categories": consent.categories,
        "given_by_id": case.guardian_id,
        "valid_from": consent.given_on,
        "recorded_by": case.change.caller.subject,
        "sealed": case.sealed("consents", consent_id, written),
    }
    await case.change.execute(insert(Consent).values(**values))
    record_consent(case.change, _ACTION, Consent(**values), "recorded")


async def _write_assessment(case: _Case) -> None:
    row_id, told = case.ids[3], case.taken.assessment
    content = told.model_dump(mode="json", include={"findings", "strengths", "needs"})
    values = case.of_county | {
        "id": row_id,
        "case_id": case.case_id,
        "kind": "functional",
        "state": AssessmentState.COMPLETED,
        "assessed_on": told.assessed_on,
        "assessor": told.assessor,
        "sector": told.sector,
        "screening_id": told.screening_id,
        "completed_at": civil_midnight(told.assessed_on),
        "sealed": case.sealed(
            "assessments", row_id, {**content, "annulled_because": None}
        ),
    }
    await case.change.execute(insert(Assessment).values(**values))


async def _write_plan(case: _Case) -> None:
    plan, subject = case.taken.plan, case.change.caller.subject
    facts = {"starts_on", "ends_on", "review_due_on", "author"}
    values = (
        plan.model_dump(include=facts)
        | case.of_county
        | {
            "id": case.plan_id,
            "case_id": case.case_id,
            "number": 1,
            "state": PlanState.ACTIVE,
            "activated_at": civil_midnight(plan.starts_on),
            "sealed": case.sealed("plans", case.plan_id, {"summary": plan.summary}),
        }
    )
    await case.change.execute(insert(Plan).values(**values))
    signed = {"recorded_by": subject, "approved_at": civil_midnight(plan.approved_on)}
    # On paper, both: by the prefix the parent's name is that of no account.
    sides = (
        ("guardian", f"person:{case.guardian_id}", case.guardian_id),
        ("team", plan.approved_by, None),
    )
    rows = [
        case.of_plan | signed | {"side": side, "subject": by, "approver_id": person}
        for side, by, person in sides
    ]
    await case.change.execute(insert(PlanApproval), rows)
    record_plan(case.change, _ACTION, Plan(**values), "activated")


async def _write_parts(case: _Case) -> None:
    """The plan's goals, its recommendations and its reviews."""
    plan, rest = case.taken.plan, case.ids[4:]
    goal_ids, rest = rest[: len(plan.goals)], rest[len(plan.goals) :]
    goals = [
        goal.model_dump(exclude=_TEXTS)
        | case.of_plan
        | {"id": row_id, "number": number}
        | {"sealed": case.sealed("plan_goals", row_id, goal.model_dump(include=_TEXTS))}
        for number, (row_id, goal) in enumerate(
            zip(goal_ids, plan.goals, strict=True), 1
        )
    ]
    await case.change.execute(insert(Goal), goals)
    recommendations = [
        one.model_dump(exclude={"text", "goal"})
        | case.of_plan
        | {
            "id": row_id,
            "number": number,
            "goal_id": None if one.goal is None else goal_ids[one.goal - 1],
            "state": RecommendationState.PROPOSED,
            "sealed": case.sealed(
                "plan_recommendations", row_id, {"text": one.text, "note": None}
            ),
        }
        for number, (row_id, one) in enumerate(
            zip(rest, plan.recommendations, strict=False), 1
        )
    ]
    await case.change.execute(insert(Recommendation), recommendations)
    await _write_reviews(case, goal_ids, rest[len(recommendations) :])


async def _write_reviews(
    case: _Case, goal_ids: Sequence[UUID], ids: Sequence[UUID]
) -> None:
    taken, subject = case.taken, case.change.caller.subject
    goals = [
        WeighedGoal(row_id, goal.weight)
        for row_id, goal in zip(goal_ids, taken.plan.goals, strict=True)
    ]
    rows = []
    for number, (row_id, review) in enumerate(zip(ids, taken.reviews, strict=True), 1):
        levels = dict(zip(goal_ids, review.levels, strict=True))
        rows.append(
            case.of_plan
            | {
                "id": row_id,
                "number": number,
                "held_on": review.held_on,
                "attainments": {str(goal): level for goal, level in levels.items()},
                "t_score": score(goals, levels),
                "conclusion": review.conclusion,
                "recorded_by": subject,
                "sealed": case.sealed("plan_reviews", row_id, {"note": review.note}),
            }
        )
        path = f"plans/{case.plan_id}/reviews/{row_id}"
        case.change.record(
            _ACTION,
            Subject(path, 1, taken.county_terc),
            "plan-review.recorded",
            people=[str(case.child.person.id)],
            conclusion=review.conclusion.value,
        )
    if rows:
        await case.change.execute(insert(Review), rows)
