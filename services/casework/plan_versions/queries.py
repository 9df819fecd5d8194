"""Versions of a plan, whole."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import from_json
from sqlalchemy import select, union_all

from services.casework.cases.rules import Subject
from services.casework.keys import keyring
from services.casework.plan_goals.queries import GOALS
from services.casework.plan_goals.schemas import GoalRead
from services.casework.plan_recommendations.queries import RECOMMENDATIONS
from services.casework.plan_recommendations.schemas import RecommendationRead
from services.casework.plan_reviews.schemas import ReviewRead
from services.casework.plan_steps.queries import STEPS
from services.casework.plan_steps.schemas import StepRead
from services.casework.plan_versions.schemas import (
    ApprovalRead,
    FieldDifference,
    ItemDifference,
    PlanDifference,
    PlanWhole,
)
from services.casework.plan_versions.statements import WHOLE
from services.casework.plans.models import Plan
from services.casework.plans.queries import as_approval, texts_of
from services.casework.plans.rules.differences import (
    Fields,
    Part,
    differences,
    first_of,
)
from services.casework.plans.rules.life import (
    PlanNeed,
    PlanState,
    allowed_verbs,
    missing_to_approve,
    missing_to_propose,
)
from services.casework.plans.rules.recommendations import RecommendationState
from services.casework.plans.rules.recommendations import allowed_verbs as verbs_of
from services.casework.plans.schemas import PlanSummary
from services.chassis.data.work import Reading, Stored
from services.chassis.trust.vault import Erased, WrappedKey, unseal

Item = TypeVar("Item", bound=BaseModel)
Comparable = GoalRead | RecommendationRead | StepRead
Json = dict[str, Any]


class Contents(NamedTuple):
    """What stands in a version, opened, and the key that opened it."""

    key: bytes
    goals: list[GoalRead]
    recommendations: list[RecommendationRead]
    steps: list[StepRead]
    reviews: list[ReviewRead]
    approvals: list[ApprovalRead]


async def list_contents(reading: Reading, plan: Plan) -> Contents:
    """All that stands in a version, in order.

    Raises Erased where the child's key is gone.
    """
    # No row without a key, whatever else there is: then the child is erased.
    row = await reading.fetchrow(WHOLE, plan.id, plan.person_id)
    if row is None:
        raise Erased()
    key = keyring().unwrap(
        WrappedKey(row["keyring_id"], row["wrapped"]), plan.person_id
    )
    recommendations = _opened(row["recommendations"], key, "plan_recommendations")
    reviews = _opened(row["reviews"], key, "plan_reviews")
    return Contents(
        key,
        _read(GoalRead, _opened(row["goals"], key, "plan_goals")),
        _read(
            RecommendationRead,
            [
                one | {"allowed": verbs_of(RecommendationState(one["state"]))}
                for one in recommendations
            ],
        ),
        _read(StepRead, _opened(row["steps"], key, "plan_steps")),
        _read(ReviewRead, [_rated(one) for one in reviews]),
        _read(ApprovalRead, from_json(row["approvals"] or "[]")),
    )


def _opened(items: str | None, key: bytes, table: str) -> list[Json]:
    """Rows as JSON with what was sealed in them beside their other fields."""
    # Of no rows `json_agg` makes a null.
    rows: list[Json] = from_json(items or "[]")
    for row in rows:
        # A JSON row shows bytes as PostgreSQL writes them: \\x and hexadecimal digits.
        sealed = bytes.fromhex(row.pop("sealed")[2:])
        row.update(unseal(key, f"{table}|{row['id']}", sealed))
    return rows


def _read(model: type[Item], rows: list[Json]) -> list[Item]:
    return [model.model_validate(row) for row in rows]


def _rated(review: Json) -> Json:
    """A review's levels as a list,
    and its score with the two places that JSON's numbers lose.
    """
    levels = review["attainments"].items()
    rated = [{"goal_id": goal_id, "level": level} for goal_id, level in levels]
    return review | {"attainments": rated, "t_score": f"{review['t_score']:.2f}"}


def list_missing(plan: Plan, contents: Contents) -> list[PlanNeed]:
    """What a version lacks for its next state."""
    if plan.state == PlanState.DRAFT:
        subjects = [Subject(goal.subject) for goal in contents.goals]
        return missing_to_propose(subjects, len(contents.recommendations))
    # An approved version waits for nobody: it can be activated as it is.
    if plan.state == PlanState.PROPOSED:
        approvals = [as_approval(one.side, one.subject) for one in contents.approvals]
        return missing_to_approve(approvals, plan.author)
    return []


async def get_whole(reading: Reading, plan: Plan) -> Stored:
    """A version with everything in it."""
    contents = await list_contents(reading, plan)
    texts = texts_of(plan, contents.key)
    body = PlanWhole(
        **plan.model_dump(include={*PlanSummary.model_fields}),
        summary=texts.summary,
        returned_because=texts.returned_because,
        allowed=allowed_verbs(PlanState(plan.state)),
        goals=contents.goals,
        recommendations=contents.recommendations,
        steps=contents.steps,
        reviews=contents.reviews,
        approvals=contents.approvals,
        missing=list_missing(plan, contents),
    )
    return Stored(plan.id, plan.version, body.model_dump_json())


# What people agree to. How far something has come is no difference of versions.
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


async def _list_originals(reading: Reading, case_id: UUID) -> dict[UUID, UUID]:
    """Of every copy in the versions of a case, of what it is a copy."""
    # Of versions between the two that are compared as well: each copies the one before.
    found = union_all(
        *[
            select(rows.c.id, rows.c.earlier_id).where(
                rows.c.case_id == case_id, rows.c.earlier_id.is_not(None)
            )
            for rows in (GOALS, RECOMMENDATIONS, STEPS)
        ]
    )
    return {row.id: row.earlier_id for row in await reading.rows(found)}


def _items_of(contents: Contents) -> dict[Part, Sequence[Comparable]]:
    return {
        Part.GOALS: contents.goals,
        Part.RECOMMENDATIONS: contents.recommendations,
        Part.STEPS: contents.steps,
    }


def _compared(
    contents: Contents, originals: Mapping[UUID, UUID]
) -> dict[Part, dict[str, Fields]]:
    """The items of a version by a key that they keep: the id of their first original."""
    return {
        part: {
            str(first_of(one.id, originals)): {
                name: getattr(one, name) for name in _COMPARED[part]
            }
            for one in items
        }
        for part, items in _items_of(contents).items()
    }


async def get_difference(
    reading: Reading, earlier: Plan, later: Plan
) -> PlanDifference:
    """What makes the later version of the earlier."""
    before = await list_contents(reading, earlier)
    after = await list_contents(reading, later)
    originals = await _list_originals(reading, later.case_id)
    found = differences(_compared(before, originals), _compared(after, originals))
    # Shown by the id that leads to it: in the later version, if it is there.
    ids = {
        str(first_of(one.id, originals)): one.id
        for contents in (before, after)
        for items in _items_of(contents).values()
        for one in items
    }
    items = [
        ItemDifference(
            part=one.part,
            id=ids[one.key],
            kind=one.kind,
            fields=[FieldDifference(**field._asdict()) for field in one.fields],
        )
        for one in found
    ]
    return PlanDifference(
        earlier_id=earlier.id,
        later_id=later.id,
        starts_on=[earlier.starts_on, later.starts_on],
        items=items,
    )
