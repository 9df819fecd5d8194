"""Every SELECT for the coverage of campaigns."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, or_, select, tuple_

from services.chassis.data.work import Reading, Rows
from services.chassis.ground.cursors import open_cursor, seal_cursor
from services.chassis.trust.access import reaches
from services.chassis.trust.callers import Caller
from services.chassis.web.listing import ListTerms
from services.screening.campaign_counts.queries import COUNTS
from services.screening.campaign_coverage.schemas import (
    MOST_CAMPAIGNS,
    CampaignCoverage,
    CountyCoverage,
    CoverageQuery,
    CoverageRead,
)
from services.screening.campaign_releases.queries import RELEASED, get_published
from services.screening.campaign_releases.rules.published import last_released_at
from services.screening.campaign_releases.rules.steps import (
    Steps,
    steps_by_county,
    steps_in_all,
)
from services.screening.campaign_releases.schemas import StepsRead
from services.screening.campaign_targets.queries import TARGETS
from services.screening.campaigns.queries import CAMPAIGNS, IMPLEMENTERS
from services.screening.campaigns.rules.disclosure import threshold_of
from services.screening.campaigns.rules.life import CampaignState
from services.screening.permissions import Permission
from services.screening.protocols.schemas import Labels


def _lists_one_of(caller: Caller, counties: list[str]) -> ColumnElement[bool]:
    """The condition of campaigns that list one of these counties; `frame_of` makes that list."""
    # Counted children who are not published add their county to the list only for
    # callers who may read that county's screenings.
    reads = Permission.READ_SCREENINGS
    live_counties = [
        county for county in counties if reaches(caller, reads, county=county)
    ]
    by_county = [
        exists().where(
            rows.c.campaign_id == CAMPAIGNS.c.id, rows.c.county_terc.in_(codes)
        )
        for rows, codes in ((RELEASED, counties), (COUNTS, live_counties))
    ]
    has_target = exists().where(
        TARGETS.c.campaign_id == CAMPAIGNS.c.id,
        TARGETS.c.superseded_at.is_(None),
        TARGETS.c.county_terc.in_(counties),
    )
    has_implementer = exists().where(
        IMPLEMENTERS.c.campaign_id == CAMPAIGNS.c.id,
        IMPLEMENTERS.c.counties.overlap(counties),
    )
    is_of_county = CAMPAIGNS.c.county_terc.in_(counties)
    return or_(is_of_county, has_target, has_implementer, *by_county)


def _campaigns(caller: Caller, query: CoverageQuery, marks: Mapping[str, str]) -> Rows:
    columns = CAMPAIGNS.c
    statement: Rows = select(CAMPAIGNS)
    # A planned campaign has no screenings yet, so it has no coverage.
    states = (
        (query.state,) if query.state else (CampaignState.OPEN, CampaignState.CLOSED)
    )
    statement = statement.where(columns.state.in_(states))
    if query.county_terc:
        # In the query and not on its result: campaigns of other counties would
        # fill the page.
        statement = statement.where(_lists_one_of(caller, query.county_terc))
    if query.programme_code:
        statement = statement.where(columns.programme_code == query.programme_code)
    place = (columns.opened_on, columns.id)
    if marks:
        last = date.fromisoformat(marks["after_0"]), UUID(marks["after_1"])
        statement = statement.where(tuple_(*place) < last)
    # One row more than the page holds: it shows whether there are older campaigns.
    newest = statement.order_by(*[column.desc() for column in place])
    return newest.limit(MOST_CAMPAIGNS + 1)


async def get_coverage(
    reading: Reading, terms: ListTerms, query: CoverageQuery
) -> CoverageRead:
    """How far campaigns have come in each county, from the numbers that the caller may see."""
    binding, key = f"{terms.path} {query.binding()}".encode(), terms.cursor_key
    marks = open_cursor(query.cursor, binding, 2, key) if query.cursor else {}
    campaigns = await reading.rows(_campaigns(reading.caller, query, marks))
    page = campaigns[:MOST_CAMPAIGNS]
    items = [
        await _get_campaign_coverage(reading, row, query.county_terc) for row in page
    ]
    cursor = None
    if len(campaigns) > len(page):
        last = page[-1]._mapping
        cursor = seal_cursor([str(last["opened_on"]), str(last["id"])], binding, key)
    return CoverageRead(items=items, next_cursor=cursor)


async def _get_campaign_coverage(
    reading: Reading, row: Row[tuple[object, ...]], counties: Collection[str] | None
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
            if counties is None or code in counties
        ],
    )


def _county(code: str, steps: Steps) -> CountyCoverage:
    is_suppressed = None in steps
    return CountyCoverage(
        **steps._asdict(), county_terc=code, is_suppressed=is_suppressed
    )
