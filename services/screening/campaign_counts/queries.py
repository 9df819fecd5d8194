"""Every SELECT on the roll-up."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import FromClause

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.screening.campaign_counts import statements
from services.screening.campaign_counts.models import CampaignCount, CampaignSubject
from services.screening.campaign_counts.rules import (
    SEXES,
    STAGE_ONE,
    STAGE_TWO,
    RollUp,
    parse_roll_up,
)

SUBJECTS: FromClause = rows_of(CampaignSubject)
COUNTS: FromClause = rows_of(CampaignCount)


async def get_roll_up(
    reading: Reading,
    campaign_id: UUID,
    implementers: Iterable[str],
    counties: Collection[str] | None = None,
) -> RollUp:
    """The roll-up of a campaign, of all its counties or only of `counties`.

    `implementers` are the codes of all implementers of the campaign.
    """
    # In the order of `frame_of`: a cell holds only the place of its implementer in it.
    categories = (sorted(implementers), SEXES, STAGE_ONE, STAGE_TWO)
    county_codes = None if counties is None else sorted(counties)
    columns = await reading.fetchrow(
        statements.READ_ROLL_UP, campaign_id, county_codes, *categories
    )
    return parse_roll_up(*(columns or (None, None)))
