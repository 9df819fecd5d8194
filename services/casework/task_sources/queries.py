"""The tasks of a child's case: each part of the list of tasks with its own reach.

Coordinators see all tasks of their counties, so that nothing overdue is hidden. Members
of a team see their own tasks, guardians those of their child, and people of an
institution the referrals to it.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.types import DateTime

from services.casework.cases.queries import CASES, STEPS
from services.casework.cases.rules import CaseState
from services.casework.permissions import Permission
from services.casework.plan_recommendations.models import Recommendation
from services.casework.plan_steps.models import PlanStep
from services.casework.plans.queries import APPROVALS, PLANS
from services.casework.plans.rules.life import PlanState
from services.casework.referrals.queries import REFERRALS
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Rows
from services.chassis.trust.access import RowScope, within_scope

_PLAN_STEPS = rows_of(PlanStep)
_RECOMMENDATIONS = rows_of(Recommendation)
_ACTIVE = PLANS.c.state == PlanState.ACTIVE
OF_PLANS = ("plan_step", "recommendation", "plan_review", "plan_approval")
"""The kinds of tasks that follow from a plan."""
_UNFINISHED = ("proposed", "accepted", "in_progress")
_WARSAW = "Europe/Warsaw"

# The statement is built once for all callers of one shape, because building it takes
# longer than running it. Values that differ by caller and day are parameters.
SUBJECT = bindparam("subject", type_=Text, required=False)
TODAY = bindparam("today", type_=Date, required=False)
STUCK_DAYS = bindparam("stuck_days", type_=Integer, required=False)
Scopes = Mapping[Permission, RowScope]
"""The scope of each permission that the list needs."""


class Part(NamedTuple):
    """The columns in which one part of the union differs; the others are the same for
    all parts.
    """

    kind: str
    rows: FromClause
    due_on: ColumnElement[Any]
    link: str
    title: Any = None
    linked: ColumnElement[Any] | None = None
    assignee: ColumnElement[Any] | None = None
    starts_at: ColumnElement[Any] | None = None


def day_of(instant: ColumnElement[Any]) -> ColumnElement[date]:
    """The civil day of an instant in Poland."""
    # Not the UTC day: at midnight UTC the day in Poland is an hour or two old.
    return cast(func.timezone(_WARSAW, instant), Date)


def part_of(part: Part, **columns: ColumnElement[Any]) -> Rows:
    """SELECT of the rows of a part, with the columns of the union; `columns` overrides
    some of them.
    """
    of_row = part.rows.c
    none = cast(null(), Uuid)
    case_id = of_row.id if part.rows is CASES else of_row.get("case_id", none)
    linked = of_row.id if part.linked is None else part.linked
    title = literal(part.kind, Text) if part.title is None else part.title
    # With the kind, because a row may give several tasks:
    # a case to review may also be stuck.
    key = literal(f"{part.kind}:") + cast(of_row.id, Text)
    assignee = cast(null(), Text) if part.assignee is None else part.assignee
    starts_at = part.starts_at
    if starts_at is None:
        starts_at = cast(null(), DateTime(timezone=True))
    common_columns = {
        "id": key,
        "kind": literal(part.kind, Text),
        "title": title,
        "subject_id": of_row.id,
        "person_id": of_row.get("person_id", none),
        "case_id": case_id,
        "county_terc": of_row.county_terc,
        "assignee": assignee,
        "due_on": part.due_on,
        "starts_at": starts_at,
        "link": literal(f"/v1/casework/{part.link}/") + cast(linked, Text),
    }
    return select(
        *[column.label(name) for name, column in {**common_columns, **columns}.items()]
    ).select_from(part.rows)


def is_reached(
    scopes: Scopes,
    permission: Permission,
    county: ColumnElement[Any] | None = None,
    objects: Mapping[str, ColumnElement[Any]] | None = None,
) -> ColumnElement[bool]:
    """SQL condition: the permission reaches the row, by the columns
    of its county and objects.
    """
    return and_(true(), *within_scope(scopes[permission], county, None, objects))


def is_visible(
    scopes: Scopes,
    permission: Permission,
    rows: FromClause,
    *,
    case_id: ColumnElement[Any],
    assignee: ColumnElement[Any] | None = None,
    for_family: bool = True,
) -> ColumnElement[bool]:
    """SQL condition: the row belongs to the caller's counties or child, or it is the
    caller's own task in a team.
    """
    coordinated = case_id.in_(select(CASES.c.id).where(CASES.c.coordinator == SUBJECT))
    is_own: ColumnElement[bool] = coordinated
    if assignee is not None:
        # Tasks without an assignee go to the coordinator,
        # so that they are not forgotten.
        unnamed = and_(assignee.is_(None), coordinated)
        is_own = or_(assignee == SUBJECT, unnamed)
    guardian = {"guardian": rows.c.person_id} if for_family else {}
    team = {"team": case_id}
    return or_(
        is_reached(scopes, permission, rows.c.county_terc, guardian),
        and_(is_reached(scopes, permission, objects=team), is_own),
    )


def of_plans(scopes: Scopes) -> Iterator[Rows]:
    """Steps, recommendations and reviews of active plans,
    and plans that wait for an approval.
    """
    reads = Permission.READ_PLANS
    for kind, rows, is_open in (
        ("plan_step", _PLAN_STEPS, _PLAN_STEPS.c.state == "planned"),
        ("recommendation", _RECOMMENDATIONS, _RECOMMENDATIONS.c.state.in_(_UNFINISHED)),
    ):
        assignee = rows.c.get("subject")
        part = Part(kind, rows, rows.c.due_on, "plans", linked=rows.c.plan_id)
        reach = is_visible(
            scopes, reads, rows, case_id=rows.c.case_id, assignee=assignee
        )
        # Steps of a draft are no tasks yet.
        carried_out = rows.c.plan_id.in_(select(PLANS.c.id).where(_ACTIVE))
        yield part_of(part._replace(assignee=assignee)).where(
            is_open, carried_out, reach
        )
    review = Part("plan_review", PLANS, PLANS.c.review_due_on, "plans")
    reach = is_visible(scopes, reads, PLANS, case_id=PLANS.c.case_id)
    yield part_of(review).where(_ACTIVE, PLANS.c.review_due_on.is_not(None), reach)
    yield _of_approvals(scopes)


def _of_approvals(scopes: Scopes) -> Rows:
    """Proposed versions that the caller has not approved; due when they begin."""
    approves, columns = Permission.APPROVE_PLANS, PLANS.c
    related = {"guardian": columns.person_id, "team": columns.case_id}
    is_asked = is_reached(scopes, approves, objects=related)
    approved_plan_ids = select(APPROVALS.c.plan_id).where(
        APPROVALS.c.subject == SUBJECT
    )
    # The county sees the missing approval, but is not the assignee.
    approver = case((is_asked, SUBJECT), else_=cast(null(), Text))
    part = Part("plan_approval", PLANS, columns.starts_on, "plans", assignee=approver)
    reach = is_reached(scopes, approves, columns.county_terc, related)
    waits = columns.state == PlanState.PROPOSED
    return part_of(part).where(waits, columns.id.not_in(approved_plan_ids), reach)


def of_referrals(scopes: Scopes) -> Select[Any]:
    """Open referrals: for the county, and outbound ones for the receiving institution."""
    columns = REFERRALS.c
    is_outbound = columns.direction == "outbound"
    party = {"party": columns.id}
    handles = is_reached(scopes, Permission.HANDLE_REFERRALS, objects=party)
    is_asked = and_(is_outbound, handles)
    part = Part(
        "referral",
        REFERRALS,
        columns.due_on,
        "referrals",
        title=literal("referral_") + columns.direction,
        assignee=case((is_asked, SUBJECT), else_=cast(null(), Text)),
        # Only a meeting has a time.
        starts_at=case((columns.state == "scheduled", columns.scheduled_at)),
    )
    reads = Permission.READ_REFERRALS
    reach = is_visible(scopes, reads, REFERRALS, case_id=columns.case_id)
    return part_of(part).where(columns.closed_at.is_(None), or_(is_asked, reach))


def of_cases(scopes: Scopes) -> Iterator[Rows]:
    """Cases to review, without a coordinator, or too long in one state."""
    columns, reads = CASES.c, Permission.READ_CASES
    is_open = columns.closed_on.is_(None)
    reach = is_visible(scopes, reads, CASES, case_id=columns.id)
    review = Part("case_review", CASES, columns.review_due_on, "cases")
    yield part_of(review).where(is_open, columns.review_due_on.is_not(None), reach)
    # Not for the family: these tasks concern the county's organisation.
    reach = is_visible(scopes, reads, CASES, case_id=columns.id, for_family=False)
    nobody = Part("case_without_coordinator", CASES, columns.opened_on, "cases")
    yield part_of(nobody).where(is_open, columns.coordinator.is_(None), reach)
    since = select(func.max(STEPS.c.at)).where(STEPS.c.case_id == columns.id)
    due_on = day_of(since.scalar_subquery()) + STUCK_DAYS
    # Without cases in progress that have a day of review, because they normally stay in
    # that state.
    waits = or_(
        and_(is_open, columns.state != CaseState.IN_PROGRESS),
        and_(is_open, columns.review_due_on.is_(None)),
        columns.state == CaseState.TRANSFERRED,
    )
    stuck = Part("case_stuck", CASES, cast(due_on, Date), "cases")
    # Only once the time is over, whatever the last day of the list.
    is_stuck = due_on <= TODAY
    yield part_of(stuck).where(waits, is_stuck, reach)
