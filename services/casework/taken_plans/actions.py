"""Writing an imported plan, already checked, with its parts and reviews."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from services.casework.people.queries import KnownPerson, place_of
from services.casework.plan_goals.models import Goal
from services.casework.plan_goals.schemas import GoalTexts
from services.casework.plan_recommendations.models import Recommendation
from services.casework.plan_reviews.models import Review
from services.casework.plan_reviews.rules import WeighedGoal, score
from services.casework.plans.actions import record_change as record_plan
from services.casework.plans.models import Plan, PlanApproval
from services.casework.plans.rules.life import PlanState
from services.casework.plans.rules.recommendations import RecommendationState
from services.casework.tables import Table
from services.casework.taken_plans.schemas import TakenPlan, TakenReview
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change
from services.chassis.ground.clock import civil_midnight
from services.chassis.trust.vault import seal

ACTION = "take_over_case"
BEFORE_PARTS = 5
"""The number of ids (case, plan, consent, assessment, guardianship) before those of the
plan's parts.
"""
_TEXTS = {*GoalTexts.model_fields}


Tables = defaultdict[type[Table], list[dict[str, Any]]]
"""The rows of all cases of a batch, by their tables."""


class CaseToWrite(NamedTuple):
    """A case that is being written, with its ids and the rows collected so far."""

    change: Change
    tables: Tables
    county_terc: str
    child: KnownPerson
    guardian_id: UUID
    ids: Sequence[UUID]

    def add(self, table: type[Table], *rows: dict[str, Any]) -> None:
        """Collect rows, which are written together with those of the other cases."""
        self.tables[table] += rows

    @property
    def case_id(self) -> UUID:
        return self.ids[0]

    @property
    def plan_id(self) -> UUID:
        return self.ids[1]

    @property
    def of_county(self) -> dict[str, Any]:
        """The columns of county and child, which every row has."""
        return {
            "county_terc": self.county_terc,
            "person_id": self.child.person.id,
        }

    @property
    def of_plan(self) -> dict[str, Any]:
        return self.of_county | {"plan_id": self.plan_id, "case_id": self.case_id}

    def part(
        self, table: str, row_id: UUID, number: int, texts: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The columns that every part of the plan has, with its texts sealed."""
        sealed = self.sealed(table, row_id, texts)
        return self.of_plan | {"id": row_id, "number": number, "sealed": sealed}

    def sealed(self, table: str, row_id: UUID, values: Mapping[str, Any]) -> bytes:
        return seal(self.child.key, place_of(table, row_id), values)


def add_plan(
    case: CaseToWrite, plan: TakenPlan, reviews: Sequence[TakenReview]
) -> None:
    """Add the plan as it was signed, its parts, and its reviews."""
    subject = case.change.caller.subject
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
    case.add(Plan, values)
    approval = {"recorded_by": subject, "approved_at": civil_midnight(plan.approved_on)}
    # Both signed on paper. The prefix makes the parent's name different
    # from every account.
    sides = (
        ("guardian", f"person:{case.guardian_id}", case.guardian_id),
        ("team", plan.approved_by, None),
    )
    rows = [
        case.of_plan | approval | {"side": side, "subject": by, "approver_id": person}
        for side, by, person in sides
    ]
    case.add(PlanApproval, *rows)
    record_plan(case.change, ACTION, Plan(**values), "activated")
    _add_parts(case, plan, reviews)


def _add_parts(
    case: CaseToWrite, plan: TakenPlan, reviews: Sequence[TakenReview]
) -> None:
    """The plan's goals, its recommendations and its reviews."""
    ids = iter(case.ids[BEFORE_PARTS:])
    goals = [
        goal.model_dump(exclude=_TEXTS)
        | case.part("plan_goals", next(ids), number, goal.model_dump(include=_TEXTS))
        for number, goal in enumerate(plan.goals, 1)
    ]
    case.add(Goal, *goals)
    goal_ids: list[UUID] = [goal["id"] for goal in goals]
    recommendations = []
    for number, recommendation in enumerate(plan.recommendations, 1):
        words = {"text": recommendation.text, "note": None}
        goal_id = (
            None if recommendation.goal is None else goal_ids[recommendation.goal - 1]
        )
        recommendations.append(
            recommendation.model_dump(exclude={"text", "goal"})
            | case.part("plan_recommendations", next(ids), number, words)
            | {"goal_id": goal_id, "state": RecommendationState.PROPOSED}
        )
    case.add(Recommendation, *recommendations)
    weighed_goals = [
        WeighedGoal(row_id, goal.weight)
        for row_id, goal in zip(goal_ids, plan.goals, strict=True)
    ]
    review_rows = [
        case.part("plan_reviews", next(ids), number, {"note": each.note})
        | _attained(case, weighed_goals, each)
        for number, each in enumerate(reviews, 1)
    ]
    for review in review_rows:
        _record_review(case, review)
    case.add(Review, *review_rows)


def _attained(
    case: CaseToWrite, goals: Sequence[WeighedGoal], review: TakenReview
) -> dict[str, Any]:
    """The columns of a review: levels by goal, and the score."""
    levels = {
        goal.goal_id: level for goal, level in zip(goals, review.levels, strict=True)
    }
    return {
        "held_on": review.held_on,
        "conclusion": review.conclusion,
        "attainments": {str(goal): level for goal, level in levels.items()},
        "t_score": score(goals, levels),
        "recorded_by": case.change.caller.subject,
    }


def _record_review(case: CaseToWrite, review: dict[str, Any]) -> None:
    path = f"plans/{case.plan_id}/reviews/{review['id']}"
    case.change.record(
        ACTION,
        Subject(path, 1, case.county_terc),
        "plan-review.recorded",
        people=[str(case.child.person.id)],
        conclusion=review["conclusion"].value,
    )
