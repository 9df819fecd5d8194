"""Facts that are needed before the state of a case changes: about its documents,
assessments, team and plans.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    FromClause,
    Select,
    Text,
    cast,
    exists,
    func,
    literal,
    select,
    union_all,
)

from services.casework.assessments.models import Assessment
from services.casework.case_members.queries import MEMBERS, list_sectors
from services.casework.case_referrals.queries import list_valid_kinds
from services.casework.case_transitions.schemas import TimelineEntry
from services.casework.cases.models import Case
from services.casework.cases.queries import STEPS, find_working_basis
from services.casework.cases.rules import CaseFacts, CaseVerb, is_eligible
from services.casework.cases.schemas import Track
from services.casework.guardianships.queries import somebody_is_acting
from services.casework.permissions import Permission
from services.casework.plan_reviews.models import Review
from services.casework.plans.queries import PLANS, draft_conditions
from services.casework.referrals.models import Referral
from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading

_ASSESSMENTS = rows_of(Assessment)
_REVIEWS = rows_of(Review)
_REFERRALS = rows_of(Referral)


async def get_facts(
    reading: Reading, case: Case, reason: str | None, today: date
) -> CaseFacts:
    """The facts of a case on a day."""
    basis = await find_working_basis(reading, case, today)
    kinds = await list_valid_kinds(reading, case.person_id, today)
    existing = await reading.one(_existing(case))
    has_assessment, has_approved, has_active, has_review = existing
    return CaseFacts(
        has_legal_basis=basis is not None,
        has_guardian=await somebody_is_acting(reading, case.person_id, today),
        has_coordinator=case.coordinator is not None,
        needs_eligibility=case.track == Track.WOKRO,
        is_eligible=is_eligible(kinds, today),
        has_assessment=has_assessment,
        team_sectors=await list_sectors(reading, case.id),
        has_approved_plan=has_approved,
        has_active_plan=has_active,
        has_review=has_review,
        has_reason=reason is not None,
    )


def _existing(case: Case) -> Select[bool, bool, bool, bool]:
    """One row of four booleans: a completed assessment, an approved plan, an active
    plan, and a review of the present round exist.
    """
    assessed = exists().where(
        _ASSESSMENTS.c.case_id == case.id, _ASSESSMENTS.c.state == "completed"
    )
    # An active plan counts, because it was approved before.
    approved = exists().where(
        PLANS.c.case_id == case.id, PLANS.c.state.in_(("approved", "active"))
    )
    active = exists().where(PLANS.c.case_id == case.id, PLANS.c.state == "active")
    # Reviews of earlier rounds do not count:
    # only those recorded since this round began.
    round_began = (
        select(func.max(STEPS.c.at))
        .where(STEPS.c.case_id == case.id, STEPS.c.verb == CaseVerb.REVIEW)
        .scalar_subquery()
    )
    reviewed = exists().where(
        _REVIEWS.c.case_id == case.id, _REVIEWS.c.created_at >= round_began
    )
    return select(assessed, approved, active, reviewed)


async def referral_is_open(reading: Reading, case: Case) -> bool:
    """Whether a referral of the case is still open, so that somebody waits for an
    answer or holds a place.
    """
    statement = select(_REFERRALS.c.id).where(
        _REFERRALS.c.case_id == case.id,
        # Without inbound ones, which led to the case and wait for the county itself.
        _REFERRALS.c.direction == "outbound",
        _REFERRALS.c.closed_at.is_(None),
    )
    return await reading.find(statement.limit(1)) is not None


def _own_history(case: Case) -> list[Select[Any]]:
    """SELECTs of the case's own steps, and of members who joined and left the team."""
    of_team = MEMBERS.c.case_id == case.id
    team, none = literal("team"), literal(None)
    member = (MEMBERS.c.sector, none, MEMBERS.c.subject, cast(MEMBERS.c.id, Text))
    return [
        select(
            STEPS.c.at,
            literal("case").label("kind"),
            STEPS.c.verb,
            STEPS.c.state,
            STEPS.c.reason,
            STEPS.c.by,
            func.to_char(STEPS.c.number, "FM000000000").label("key"),
        ).where(STEPS.c.case_id == case.id),
        select(MEMBERS.c.joined_at, team, literal("join"), *member).where(of_team),
        select(MEMBERS.c.left_at, team, literal("leave"), *member).where(
            of_team, MEMBERS.c.left_at.is_not(None)
        ),
    ]


def _history_of(
    case: Case, table: FromClause, names: tuple[str, str], columns: tuple[str, str]
) -> Select[Any]:
    """A SELECT of what was added to a case in another table.

    `names` are its kind and verb, `columns` the columns of its state and of the account
    that added it.
    """
    kind, verb = names
    state, by = columns
    reason = table.c.reason if "reason" in table.c else literal(None)
    return select(
        table.c.created_at,
        literal(kind),
        literal(verb),
        table.c[state],
        reason,
        table.c[by],
        cast(table.c.id, Text),
    ).where(table.c.case_id == case.id)


async def list_timeline(reading: Reading, case: Case) -> list[TimelineEntry]:
    """The history of a case, the oldest entry first: its own steps, and changes of its
    team, plans, reviews and referrals.
    """
    events = union_all(
        *_own_history(case),
        _history_of(case, PLANS, ("plan", "draft"), ("state", "author")).where(
            *draft_conditions(reading.caller, Permission.READ_PLANS)
        ),
        _history_of(
            case, _REVIEWS, ("review", "record"), ("conclusion", "recorded_by")
        ),
        _history_of(case, _REFERRALS, ("referral", "send"), ("state", "sent_by")),
    ).subquery()
    # Entries of one moment are in the order in which they were recorded: ids and
    # numbers grow.
    in_order = (events.c.at, events.c.kind, events.c.key)
    shown = [events.c[name] for name in TimelineEntry.model_fields]
    rows = await reading.rows(select(*shown).order_by(*in_order))
    return [TimelineEntry.model_validate({**row._mapping}) for row in rows]
