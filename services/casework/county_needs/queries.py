"""Every query on the needs of a county."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, FromClause, func, literal, select

from services.casework.cases.queries import CASES
from services.casework.county_needs.schemas import NeedsRead
from services.casework.permissions import Permission
from services.casework.plan_recommendations.queries import RECOMMENDATIONS
from services.casework.plans.queries import PLANS
from services.casework.plans.rules.life import PlanState
from services.casework.plans.rules.recommendations import RecommendationState
from services.casework.referrals.queries import REFERRALS
from services.casework.referrals.rules import ReferralDirection
from services.chassis.data.work import Reading
from services.chassis.ground.problems import NotFound
from services.chassis.trust.access import reaches

_NOT_DONE_YET = (
    RecommendationState.PROPOSED,
    RecommendationState.ACCEPTED,
    RecommendationState.IN_PROGRESS,
)
_NOBODY = {
    "open": 0,
    "overdue": 0,
    "average_days_waited": None,
    "longest_days_waited": None,
}
Cell = tuple[str | None, str | None]


def _waiting(today: date) -> list[ColumnElement[Any]]:
    waited = literal(today, Date) - REFERRALS.c.sent_on
    columns: dict[str, ColumnElement[Any]] = {
        "open": func.count(),
        "overdue": func.count().filter(REFERRALS.c.due_on < today),
        "average_days_waited": func.round(func.avg(waited), 1),
        "longest_days_waited": func.max(waited),
    }
    return [column.label(name) for name, column in columns.items()]


def _open_referrals(county: str, direction: ReferralDirection) -> ColumnElement[bool]:
    columns = REFERRALS.c
    return (
        (columns.county_terc == county)
        & (columns.direction == direction)
        & columns.closed_at.is_(None)
    )


async def _get_inbound(reading: Reading, county: str, today: date) -> dict[str, Any]:
    statement = select(*_waiting(today)).where(
        _open_referrals(county, ReferralDirection.INBOUND)
    )
    return {**(await reading.one(statement))._mapping}


async def _list_outbound(
    reading: Reading, county: str, today: date
) -> dict[Cell, dict[str, Any]]:
    """The open referrals to support services, by sector and kind of the service."""
    # Older referrals have no sector and kind of their service: then those of the
    # recommendation count.
    by_recommendation = RECOMMENDATIONS.c.id == REFERRALS.c.recommendation_id
    table: FromClause = REFERRALS.outerjoin(RECOMMENDATIONS, by_recommendation)
    sector = func.coalesce(REFERRALS.c.sector, RECOMMENDATIONS.c.sector)
    kind = func.coalesce(REFERRALS.c.support_kind, RECOMMENDATIONS.c.support_kind)
    statement = (
        select(sector, kind, *_waiting(today))
        .select_from(table)
        .where(_open_referrals(county, ReferralDirection.OUTBOUND))
        .group_by(sector, kind)
    )
    rows = await reading.rows(statement)
    return {(row[0], row[1]): dict(zip(_NOBODY, row[2:], strict=True)) for row in rows}


async def _list_recommended(reading: Reading, county: str) -> dict[Cell, int]:
    """The number of recommendations of active plans that are not carried out yet, by
    sector and kind.
    """
    columns = RECOMMENDATIONS.c
    by = (columns.sector, columns.support_kind)
    statement = (
        select(*by, func.count())
        .select_from(
            RECOMMENDATIONS.join(PLANS, PLANS.c.id == columns.plan_id).join(
                CASES, CASES.c.id == PLANS.c.case_id
            )
        )
        .where(
            columns.county_terc == county,
            # A plan stays active when its case ends,
            # but nobody carries it out any more.
            CASES.c.closed_on.is_(None),
            PLANS.c.state == PlanState.ACTIVE,
            columns.state.in_(_NOT_DONE_YET),
        )
        .group_by(*by)
    )
    rows = await reading.rows(statement)
    return {(sector, kind): number for sector, kind, number in rows}


async def _list_cases(reading: Reading, county: str) -> Sequence[dict[str, Any]]:
    state = CASES.c.state
    statement = (
        select(state, func.count().label("cases"))
        .where(CASES.c.county_terc == county, CASES.c.closed_on.is_(None))
        .group_by(state)
        .order_by(state)
    )
    return [{**row._mapping} for row in await reading.rows(statement)]


async def get_needs(reading: Reading, county: str, today: date) -> NeedsRead:
    """What the children of a county need; NotFound for callers who may not read all of
    its cases.
    """
    # By the county alone: a relation would give only a part of the counts.
    for permission in (Permission.READ_CASES, Permission.READ_REFERRALS):
        if not reaches(reading.caller, permission, county=county):
            raise NotFound()
    waiting = await _list_outbound(reading, county, today)
    recommended = await _list_recommended(reading, county)
    cells = sorted(
        {*waiting, *recommended}, key=lambda cell: [each or "~" for each in cell]
    )
    support = [
        {
            "sector": sector,
            "kind": kind,
            "recommended": recommended.get((sector, kind), 0),
            **waiting.get((sector, kind), _NOBODY),
        }
        for sector, kind in cells
    ]
    return NeedsRead.model_validate(
        {
            "county_terc": county,
            "as_of": today,
            "cases": await _list_cases(reading, county),
            "inbound": await _get_inbound(reading, county, today),
            "support": support,
        }
    )
