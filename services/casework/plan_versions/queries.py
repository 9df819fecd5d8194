"""Versions of a plan with all their parts."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import from_json
from sqlalchemy import (
    select,
    union_all,
)

from services.casework.cases.rules import Subject as GoalSubject
from services.casework.keys import keyring
from services.casework.people.queries import place_of
from services.casework.plan_goals.queries import GOALS
from services.casework.plan_goals.schemas import GoalRead
from services.casework.plan_recommendations.queries import RECOMMENDATIONS
from services.casework.plan_recommendations.schemas import RecommendationRead
from services.casework.plan_reviews.schemas import ReviewRead
from services.casework.plan_steps.queries import STEPS
from services.casework.plan_steps.schemas import StepRead
from services.casework.plan_versions import statements
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
    get_plan,
    opened_texts,
    shared_query,
)
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
from services.casework.problems import PlanNotFound
from services.casework.reads import Category, record_read
from services.chassis.data.effects import Subject
from services.chassis.data.work import AuditedReading, Reading, Stored
from services.chassis.fast.looks import LookRecord, audited_row
from services.chassis.trust.vault import Erased, WrappedKey, unseal, unsealer

Comparable = GoalRead | RecommendationRead | StepRead
Json = dict[str, Any]


class Contents(NamedTuple):
    """The parts of a version, opened, and the key that opened them."""

    key: bytes
    goals: list[GoalRead]
    recommendations: list[RecommendationRead]
    steps: list[StepRead]
    reviews: list[ReviewRead]
    approvals: list[ApprovalRead]


async def list_contents(reading: Reading, plan: Plan) -> Contents:
    """All parts of a version, in order.

    Raises Erased where the child's key is gone.
    """
    row = await reading.fetchrow(statements.CONTENTS, plan.id)
    if row is None:
        raise Erased()
    return _contents_of(dict(row.items()), plan.person_id)


def _contents_of(row: Mapping[str, Any], person_id: UUID) -> Contents:
    # Without a key the child is erased.
    if row["wrapped"] is None:
        raise Erased()
    key = keyring().unwrap(WrappedKey(row["keyring_id"], row["wrapped"]), person_id)
    opened = partial(_opened, unsealer(key))
    recommendations = opened(row["recommendations"], "plan_recommendations")
    reviews = opened(row["reviews"], "plan_reviews")
    return Contents(
        key,
        _GOALS.validate_python(opened(row["goals"], "plan_goals")),
        _RECOMMENDATIONS.validate_python(
            [
                one | {"allowed": verbs_of(RecommendationState(one["state"]))}
                for one in recommendations
            ]
        ),
        _STEPS.validate_python(opened(row["steps"], "plan_steps")),
        _REVIEWS.validate_python([_rated(one) for one in reviews]),
        _APPROVALS.validate_json(row["approvals"] or "[]"),
    )


# One validation for all rows of a part: one per row is much slower.
_GOALS = TypeAdapter(list[GoalRead])
_RECOMMENDATIONS = TypeAdapter(list[RecommendationRead])
_STEPS = TypeAdapter(list[StepRead])
_REVIEWS = TypeAdapter(list[ReviewRead])
_APPROVALS = TypeAdapter(list[ApprovalRead])


def _opened(
    unseal: Callable[[str, bytes], Json], items: str | None, table: str
) -> list[Json]:
    """Rows from JSON, with their sealed fields opened."""
    # `json_agg` returns NULL for no rows.
    rows: list[Json] = from_json(items or "[]")
    for row in rows:
        # JSON rows contain bytes as PostgreSQL writes them: \\x and hexadecimal digits.
        sealed = bytes.fromhex(row.pop("sealed")[2:])
        row.update(unseal(f"{table}|{row['id']}", sealed))
    return rows


def _rated(review: Json) -> Json:
    """A review with its levels as a list, and its score with two places, which JSON
    numbers may lose.
    """
    levels = review["attainments"].items()
    rated = [{"goal_id": goal_id, "level": level} for goal_id, level in levels]
    return review | {"attainments": rated, "t_score": f"{review['t_score']:.2f}"}


def list_missing(plan: Plan, contents: Contents) -> list[PlanNeed]:
    """What a version still needs for its next state."""
    return _missing(plan.state, plan.author, contents)


def _missing(state: str, author: str, contents: Contents) -> list[PlanNeed]:
    if state == PlanState.DRAFT:
        subjects = [GoalSubject(goal.subject) for goal in contents.goals]
        return missing_to_propose(subjects, len(contents.recommendations))
    # An approved version needs nothing more: it can be activated.
    if state == PlanState.PROPOSED:
        approvals = [
            as_approval(approval.side, approval.subject)
            for approval in contents.approvals
        ]
        return missing_to_approve(approvals, author)
    return []


async def get_whole(reading: Reading, plan: Plan) -> Stored:
    """A version with all its parts."""
    contents = await list_contents(reading, plan)
    return _to_stored(plan.model_dump(include=statements.SHOWN), contents)


async def get_noted_whole(reading: AuditedReading, plan_id: UUID) -> Stored:
    """A version with all its parts; the access is written to the audit log."""
    subject = Subject(f"plans/{plan_id}")
    query = None if reading.records_apart else shared_query(plan_id, reading.caller)
    if query is None:
        plan = await get_plan(reading, plan_id)
        subject = subject._replace(county=plan.county_terc)
        record_read(reading, "get_plan", subject, [plan.person_id], Category.PLAN)
        return await get_whole(reading, plan)
    look = LookRecord("get_plan", subject, {"category": Category.PLAN})
    row = await audited_row(
        reading, statements.whole(query.statement), query.values, look
    )
    if row is None:
        raise PlanNotFound()
    return _to_stored(row, _contents_of(row, row["person_id"]))


def _to_stored(facts: Mapping[str, Any], contents: Contents) -> Stored:
    plan_id, state = facts["id"], facts["state"]
    sealed = unseal(contents.key, place_of("plans", plan_id), facts["sealed"])
    texts = opened_texts(sealed)
    body = PlanWhole(
        **{name: facts[name] for name in PlanSummary.model_fields},
        summary=texts.summary,
        returned_because=texts.returned_because,
        allowed=allowed_verbs(PlanState(state)),
        goals=contents.goals,
        recommendations=contents.recommendations,
        steps=contents.steps,
        reviews=contents.reviews,
        approvals=contents.approvals,
        missing=_missing(state, facts["author"], contents),
    )
    return Stored(plan_id, facts["version"], body.model_dump_json())


# The fields that people agree to. Progress is not a difference between versions.
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
    """For every copied item in the versions of a case: the id of the item that it was
    copied from.
    """
    # Also of versions between the two compared ones, because each version copies the
    # one before.
    copies = union_all(
        *[
            select(rows.c.id, rows.c.earlier_id).where(
                rows.c.case_id == case_id, rows.c.earlier_id.is_not(None)
            )
            for rows in (GOALS, RECOMMENDATIONS, STEPS)
        ]
    )
    return {row.id: row.earlier_id for row in await reading.rows(copies)}


def _items_of(contents: Contents) -> dict[Part, Sequence[Comparable]]:
    return {
        Part.GOALS: contents.goals,
        Part.RECOMMENDATIONS: contents.recommendations,
        Part.STEPS: contents.steps,
    }


def _compared(
    contents: Contents, originals: Mapping[UUID, UUID]
) -> dict[Part, dict[str, Fields]]:
    """The items of a version, by the id of their first original, which copies keep."""
    return {
        part: {
            str(first_of(item.id, originals)): {
                name: getattr(item, name) for name in _COMPARED[part]
            }
            for item in items
        }
        for part, items in _items_of(contents).items()
    }


async def get_difference(
    reading: Reading, earlier: Plan, later: Plan
) -> PlanDifference:
    """The differences between an earlier and a later version."""
    before = await list_contents(reading, earlier)
    after = await list_contents(reading, later)
    originals = await _list_originals(reading, later.case_id)
    changes = differences(_compared(before, originals), _compared(after, originals))
    # Items are shown with their id in the later version, or in the earlier one if they
    # were removed.
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
        for one in changes
    ]
    return PlanDifference(
        earlier_id=earlier.id,
        later_id=later.id,
        starts_on=[earlier.starts_on, later.starts_on],
        items=items,
    )
