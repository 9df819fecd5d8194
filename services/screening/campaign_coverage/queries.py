"""Every question asked of the coverage of campaigns."""

from sqlalchemy import Row, select

from services.chassis.data.work import Reading, Rows
from services.screening.campaign_coverage.schemas import (
    MOST_CAMPAIGNS,
    CampaignCoverage,
    CountyCoverage,
    CoverageQuery,
    CoverageRead,
)
from services.screening.campaign_releases.queries import get_published
from services.screening.campaign_releases.rules.published import last_released_at
from services.screening.campaign_releases.rules.steps import (
    Steps,
    steps_by_county,
    steps_in_all,
)
from services.screening.campaign_releases.schemas import StepsRead
from services.screening.campaigns.queries import CAMPAIGNS
from services.screening.campaigns.rules.disclosure import threshold_of
from services.screening.campaigns.rules.life import CampaignState
from services.screening.protocols.schemas import Labels


def _campaigns(query: CoverageQuery) -> Rows:
    columns = CAMPAIGNS.c
    statement: Rows = select(CAMPAIGNS)
    # Before its opening there is nothing to be covered.
    states = (
        (query.state,) if query.state else (CampaignState.OPEN, CampaignState.CLOSED)
    )
    statement = statement.where(columns.state.in_(states))
    if query.county_terc:
        of_several = columns.county_terc.is_(None)
        statement = statement.where(
            of_several | (columns.county_terc == query.county_terc)
        )
    if query.programme_code:
        statement = statement.where(columns.programme_code == query.programme_code)
    newest = statement.order_by(columns.opened_on.desc(), columns.id.desc())
    return newest.limit(MOST_CAMPAIGNS)


async def get_coverage(reading: Reading, query: CoverageQuery) -> CoverageRead:
    """How far campaigns have come in each county, by what is published to the caller."""
    campaigns = await reading.rows(_campaigns(query))
    found = [await _get_one(reading, row, query.county_terc) for row in campaigns]
    # A campaign of several counties that does not screen in this one is none of its.
    is_there = [each for each in found if each.counties or not query.county_terc]
    return CoverageRead(items=is_there)


async def _get_one(
    reading: Reading, row: Row[tuple[object, ...]], county_terc: str | None
) -> CampaignCoverage:
    campaign = row._mapping
    _, tables = await get_published(reading, campaign["id"])
    by_county = steps_by_county(tables)
    return CampaignCoverage(
        **{name: campaign[name] for name in ("id", "programme_code", "state")},
        **{name: campaign[name] for name in ("opened_on", "closed_on")},
        label=Labels(pl=campaign["name_pl"], en=campaign["name_en"]),
        small_cell=threshold_of(campaign["small_cell"]),
        is_live=tables.is_live,
        released_at=last_released_at(tables),
        in_all=StepsRead(**steps_in_all(tables)._asdict()),
        counties=[
            _county(code, steps)
            for code, steps in by_county.items()
            if county_terc in (None, code)
        ],
    )


def _county(code: str, steps: Steps) -> CountyCoverage:
    is_suppressed = None in steps
    return CountyCoverage(
        **steps._asdict(), county_terc=code, is_suppressed=is_suppressed
    )
