"""Versions of a plan, whole."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from services.casework.cases.rules import Subject
from services.casework.people.queries import get_key
from services.casework.plan_goals import queries as goals
from services.casework.plan_goals.schemas import GoalRead
from services.casework.plan_recommendations import queries as recommendations
from services.casework.plan_recommendations.schemas import RecommendationRead
from services.casework.plan_reviews import queries as reviews
from services.casework.plan_steps import queries as steps
from services.casework.plan_steps.schemas import StepRead
from services.casework.plan_versions.schemas import (
    ApprovalRead,
    FieldDifference,
    ItemDifference,
    PlanDifference,
    PlanWhole,
)
from services.casework.plans.models import Plan
from services.casework.plans.queries import (
    as_approval,
    get_texts,
    list_approvals,
)
from services.casework.plans.rules.differences import Fields, Part, differences
from services.casework.plans.rules.life import (
    PlanNeed,
    PlanState,
    allowed_verbs,
    missing_to_approve,
    missing_to_propose,
)
from services.casework.plans.schemas import PlanSummary
from services.chassis.data.work import Reading, Stored


class Contents(NamedTuple):
    """What stands in a version, opened."""

    goals: list[GoalRead]
    recommendations: list[RecommendationRead]
    steps: list[StepRead]


async def list_contents(reading: Reading, plan: Plan) -> Contents:
    """The goals, recommendations and steps of a version."""
    key = await get_key(reading, plan.person_id)
    return Contents(
        [goals.opened(one, key) for one in await goals.list_goals(reading, plan.id)],
        [
            recommendations.opened(one, key)
            for one in await recommendations.list_recommendations(reading, plan.id)
        ],
        [steps.opened(one, key) for one in await steps.list_steps(reading, plan.id)],
    )


async def list_missing(
    reading: Reading, plan: Plan, contents: Contents
) -> list[PlanNeed]:
    """What a version lacks for its next state."""
    if plan.state == PlanState.DRAFT:
        subjects = [Subject(goal.subject) for goal in contents.goals]
        return missing_to_propose(subjects, len(contents.recommendations))
    if plan.state == PlanState.PROPOSED:
        approvals = await list_approvals(reading, plan.id)
        return missing_to_approve([as_approval(one) for one in approvals], plan.author)
    return []


async def get_whole(reading: Reading, plan: Plan) -> Stored:
    """A version with everything in it."""
    contents = await list_contents(reading, plan)
    texts = await get_texts(reading, plan)
    key = await get_key(reading, plan.person_id)
    held = await reviews.list_reviews(reading, plan.id)
    approvals = await list_approvals(reading, plan.id)
    body = PlanWhole(
        **plan.model_dump(include={*PlanSummary.model_fields}),
        summary=texts.summary,
        returned_because=texts.returned_because,
        allowed=allowed_verbs(PlanState(plan.state)),
        goals=contents.goals,
        recommendations=contents.recommendations,
        steps=contents.steps,
        reviews=[reviews.opened(one, key) for one in held],
        approvals=[ApprovalRead.model_validate(one.model_dump()) for one in approvals],
        missing=await list_missing(reading, plan, contents),
    )
    return Stored(plan.id, plan.version, body.model_dump_json())


_COMPARED = {
    Part.GOALS: ("subject", "text", "indicator", "levels", "weight", "icf_code"),
    Part.RECOMMENDATIONS: (
        "text",
        "sector",
        "institution_id",
        "due_on",
        "support_kind",
    ),
    Part.STEPS: ("text", "who", "place", "telephone", "due_on", "sector"),
}


def _items(contents: Contents, *, is_earlier: bool) -> dict[Part, dict[str, Fields]]:
    """The items of a version by a key that they keep: their id in the earlier one."""
    parts: dict[Part, Sequence[GoalRead | RecommendationRead | StepRead]] = {
        Part.GOALS: contents.goals,
        Part.RECOMMENDATIONS: contents.recommendations,
        Part.STEPS: contents.steps,
    }
    return {
        part: {
            str(one.id if is_earlier else one.earlier_id or one.id): {
                name: getattr(one, name) for name in _COMPARED[part]
            }
            for one in items
        }
        for part, items in parts.items()
    }


async def get_difference(
    reading: Reading, earlier: Plan, later: Plan
) -> PlanDifference:
    """What makes the later version of the earlier."""
    before = await list_contents(reading, earlier)
    after = await list_contents(reading, later)
    found = differences(
        _items(before, is_earlier=True), _items(after, is_earlier=False)
    )
    items = [
        ItemDifference(
            part=one.part,
            id=UUID(one.key),
            kind=one.kind,
            fields=[FieldDifference(**field._asdict()) for field in one.fields],
        )
        for one in found
    ]
    return PlanDifference(
        earlier_id=earlier.id,
        later_id=later.id,
        starts_on=(earlier.starts_on, later.starts_on),
        items=items,
    )
