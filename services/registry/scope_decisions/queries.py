"""Every question asked of the decisions on scope."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.web.listing import ItemPage, Listed, ListQuery, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.registry.problems import ScopeDecisionNotFound
from services.registry.scope_decisions.models import ScopeDecision
from services.registry.scope_decisions.schemas import ScopeDecisionRead
from services.registry.sites.queries import require_site

_DECISIONS: FromClause = rows_of(ScopeDecision)
# Computed, not stored: a later decision would have to change it.
_IS_VALID = and_(
    _DECISIONS.c.superseded_at.is_(None),
    _DECISIONS.c.signed_by_coalition.is_not(None),
    _DECISIONS.c.signed_by_project.is_not(None),
)
_WIRE: dict[str, ColumnElement[Any]] = {
    name: _IS_VALID if name == "is_valid" else _DECISIONS.c[name]
    for name in ScopeDecisionRead.model_fields
}
_LISTING = Listing(
    _WIRE,
    {"decided_on": _DECISIONS.c.decided_on},
    "-decided_on",
    _DECISIONS.c.id,
)
STORED = stored_columns(_WIRE, _DECISIONS.c.id, _DECISIONS.c.version)


async def list_decisions(
    reading: Reading, terms: ListTerms, site_id: UUID, query: ListQuery
) -> ItemPage:
    """A page of a site's decisions on scope, the newest first."""
    await require_site(reading, site_id)
    decisions = select(_DECISIONS).where(_DECISIONS.c.site_id == site_id)
    return await page_of(reading, terms, query, Listed(_LISTING, decisions))


async def get_decision(reading: Reading, site_id: UUID, decision_id: UUID) -> Stored:
    """One decision of a site."""
    of_site = (_DECISIONS.c.id == decision_id) & (_DECISIONS.c.site_id == site_id)
    return await reading.stored(select(*STORED).where(of_site), ScopeDecisionNotFound)


async def lock_decision(
    change: Change, site_id: UUID, decision_id: UUID
) -> ScopeDecision:
    """One decision of a site, locked until the transaction ends."""
    statement = select(_DECISIONS).where(
        _DECISIONS.c.id == decision_id, _DECISIONS.c.site_id == site_id
    )
    return await change.instance(
        ScopeDecision, statement.with_for_update(), ScopeDecisionNotFound
    )


async def find_current_decision(
    reading: Reading, site_id: UUID
) -> ScopeDecision | None:
    """The decision of a site that no other one has superseded, if any."""
    statement = select(_DECISIONS).where(
        _DECISIONS.c.site_id == site_id, _DECISIONS.c.superseded_at.is_(None)
    )
    row = await reading.find(statement)
    return None if row is None else ScopeDecision(**row._mapping)


async def find_decision_of_day(
    reading: Reading, site_id: UUID, day: date
) -> ScopeDecision | None:
    """The latest decision of a site on or before a day, even if a later one has
    superseded it since.
    """
    columns = _DECISIONS.c
    decisions = select(_DECISIONS).where(
        columns.site_id == site_id, columns.decided_on <= day
    )
    # Ids follow each other in time: of two decisions of one day the later one counts.
    latest_first = decisions.order_by(columns.decided_on.desc(), columns.id.desc())
    row = await reading.find(latest_first.limit(1))
    return None if row is None else ScopeDecision(**row._mapping)
