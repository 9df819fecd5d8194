"""Every question asked of the roll-up."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    FromClause,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)

from services.chassis.tables import rows_of
from services.chassis.work import Reading
from services.screening.campaign_counts.models import CampaignCount, CampaignSubject
from services.screening.campaign_counts.rules import RollUp, parse_roll_up

SUBJECTS: FromClause = rows_of(CampaignSubject)
_COUNTS: FromClause = rows_of(CampaignCount)


async def get_roll_up(
    reading: Reading, campaign_id: UUID, counties: Collection[str] | None = None
) -> RollUp:
    """The roll-up of a campaign, of all its counties or of those that are named."""
    # One row of texts: a campaign has thousands of rows, and each costs the driver more than
    # its content.
    line_break = literal_column("chr(10)", Text)
    statement = select(
        *[
            func.string_agg(cast(_COUNTS.c[name], Text), line_break)
            for name in ("county_terc", *RollUp._fields[1:])
        ]
    ).where(_COUNTS.c.campaign_id == campaign_id, _COUNTS.c.subjects > 0)
    if counties is not None:
        named = bindparam("counties", sorted(counties), ARRAY(Text))
        statement = statement.where(_COUNTS.c.county_terc == func.any(named))
    return parse_roll_up(await reading.one(statement))
