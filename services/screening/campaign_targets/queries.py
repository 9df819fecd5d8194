"""Every SELECT on targets."""

from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.screening.campaign_targets.models import CampaignTarget
from services.screening.campaign_targets.rules import Target

TARGETS: FromClause = rows_of(CampaignTarget)


def in_force(campaign_id: UUID) -> ColumnElement[bool]:
    """The campaign's targets that no newer one has superseded."""
    of_campaign: ColumnElement[bool] = TARGETS.c.campaign_id == campaign_id
    return of_campaign & TARGETS.c.superseded_at.is_(None)


async def list_targets_in_force(reading: Reading, campaign_id: UUID) -> list[Target]:
    """The targets in force by stage: the whole campaign first, then counties and implementers."""
    columns = [TARGETS.c[name] for name in Target._fields]
    statement = select(*columns).where(in_force(campaign_id))
    order = (
        TARGETS.c.stage,
        TARGETS.c.county_terc.nulls_first(),
        TARGETS.c.implementer.nulls_first(),
    )
    return [Target(*row) for row in await reading.rows(statement.order_by(*order))]
