"""The published numbers of a campaign: live for some readers, as released for all others."""

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import (
    JSON,
    FromClause,
    Integer,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Rows
from services.chassis.trust.callers import Caller, Reach
from services.screening.campaign_counts.queries import get_roll_up
from services.screening.campaign_counts.rules import EMPTY_ROLL_UP
from services.screening.campaign_releases.models import ReleasedTable
from services.screening.campaign_releases.rules import published, steps, tables
from services.screening.campaign_releases.rules.pace import pace_of
from services.screening.campaign_releases.rules.plans import CampaignPlan, frame_of
from services.screening.campaign_releases.rules.published import (
    LastRelease,
    PublishedTables,
)
from services.screening.campaign_releases.schemas import (
    FunnelRead,
    FunnelRow,
    ShareRead,
    SharesRead,
    StatisticsQuery,
    StatisticsRead,
    StatisticsRow,
    StepsRead,
    TargetRead,
    TargetsRead,
)
from services.screening.campaign_targets.queries import (
    TARGETS,
    in_force,
    list_targets_in_force,
)
from services.screening.campaigns.queries import (
    CAMPAIGNS,
    IMPLEMENTERS,
    STAGE_ONE_DUE_ON,
    STAGE_TWO_DUE_ON,
)
from services.screening.campaigns.rules.disclosure import threshold_of
from services.screening.permissions import Permission
from services.screening.problems import CampaignNotFound

RELEASED: FromClause = rows_of(ReleasedTable)


class Published(NamedTuple):
    """A campaign, and its tables as one reader gets them."""

    campaign: CampaignPlan
    tables: PublishedTables


async def get_plan(reading: Reading, campaign_id: UUID) -> CampaignPlan:
    """The facts of a campaign that its numbers depend on."""
    of_targets = select(func.array_agg(TARGETS.c.county_terc.distinct())).where(
        in_force(campaign_id), TARGETS.c.county_terc.is_not(None)
    )
    by_code = func.json_object_agg(IMPLEMENTERS.c.code, IMPLEMENTERS.c.counties)
    # The aggregate over no rows is null, but a campaign without implementers has a
    # plan, too.
    by_code_or_empty = func.coalesce(by_code, literal_column("CAST('{}' AS json)"))
    of_campaign = IMPLEMENTERS.c.campaign_id == campaign_id
    implementers = select(by_code_or_empty).where(of_campaign).scalar_subquery()
    # One statement for all: with two, a target that is set between them would give a
    # frame that never existed.
    statement: Rows = select(
        *[CAMPAIGNS.c[name] for name in CampaignPlan._fields[:5]],
        STAGE_ONE_DUE_ON,
        STAGE_TWO_DUE_ON,
        of_targets.scalar_subquery(),
        cast(implementers, JSON),
    ).where(CAMPAIGNS.c.id == campaign_id)
    return CampaignPlan(*await reading.one(statement, CampaignNotFound))


async def list_releases(reading: Reading, campaign_id: UUID) -> list[LastRelease]:
    """Every released table of a campaign."""
    # One text: there are thousands of rows, and a row costs the driver more
    # than its content.
    columns = (
        RELEASED.c.county_terc,
        RELEASED.c.name,
        RELEASED.c.counts,
        RELEASED.c.released_at,
    )
    releases_as_text = cast(func.json_agg(func.json_build_array(*columns)), Text)
    statement = select(releases_as_text).where(RELEASED.c.campaign_id == campaign_id)
    rows = from_json(await reading.scalar(statement) or "[]")
    return [LastRelease(*row) for row in rows]


def _live_counties(caller: Caller, campaign: CampaignPlan) -> Collection[str] | None:
    """The counties whose screenings the caller may read.

    None stands for all counties of the campaign.
    """
    reach = caller.reach(Permission.READ_SCREENINGS)
    if reach == Reach.EVERYWHERE:
        return None
    # The reach of one institution is not enough: a county's counts are of
    # all its institutions.
    own_codes = caller.counties if reach == Reach.OWN_COUNTIES else ()
    # All screenings of a campaign of one county are in that county
    # (`outside_campaign`): a reader of the county may read all of the campaign.
    return None if campaign.county_terc in own_codes else own_codes


async def get_published(reading: Reading, campaign_id: UUID) -> Published:
    """A campaign and the numbers that are published to the caller."""
    campaign = await get_plan(reading, campaign_id)
    counties = _live_counties(reading.caller, campaign)
    if counties is not None:
        return await _get_released_with_live(reading, campaign, counties)
    roll_up = await get_roll_up(reading, campaign_id, campaign.implementers)
    frame = frame_of(campaign, roll_up.counties)
    # In a thread: a large campaign takes longer than other requests should wait.
    live = await asyncio.to_thread(published.all_live, roll_up, frame)
    return Published(campaign, live)


async def get_released(reading: Reading, campaign_id: UUID) -> Published:
    """A campaign and the numbers that are published to everybody, none of them live."""
    campaign = await get_plan(reading, campaign_id)
    return await _get_released_with_live(reading, campaign, ())


async def _get_released_with_live(
    reading: Reading, campaign: CampaignPlan, counties: Collection[str]
) -> Published:
    """The tables as released, and live for these counties."""
    roll_up = EMPTY_ROLL_UP
    # Most readers have no live county: for them the roll-up is not read.
    if counties:
        roll_up = await get_roll_up(
            reading, campaign.id, campaign.implementers, counties
        )
    releases = await list_releases(reading, campaign.id)
    # A published county stays listed even if nothing names it any more: what was
    # published must not disappear.
    released_counties = [release.county for release in releases]
    frame = frame_of(campaign, roll_up.counties, released_counties)
    released = await asyncio.to_thread(published.as_released, releases, frame)
    return Published(campaign, published.with_live(released, roll_up, counties))


def counties_as_sampled(numbers: PublishedTables) -> list[dict[str, Any]]:
    """The published numbers of each county by sex and age, in the shape of a study's sample."""
    counties: dict[str | None, dict[str, Any]] = {}
    for row in tables.rows_of_table(numbers, "county"):
        counties[row.county_terc] = {
            "county_terc": row.county_terc,
            "subjects": row.subjects,
            "by_sex": [],
            "by_age": [],
            "with_criterion": None,
        }
    names = ("sex", "age_from", "age_below", "subjects")
    for table, part in (("county_sex", "by_sex"), ("county_age_band", "by_age")):
        for row in tables.rows_of_table(numbers, table):
            fields = {name: getattr(row, name) for name in names}
            counties[row.county_terc][part].append(fields)
    return [*counties.values()]


def _source(numbers: PublishedTables) -> dict[str, Any]:
    """How current the numbers are (the fields of `Source`)."""
    released_at = published.last_released_at(numbers)
    return {"is_live": numbers.is_live, "released_at": released_at}


async def list_targets(reading: Reading, campaign_id: UUID, today: date) -> TargetsRead:
    """The targets in force, each with the campaign's progress by the published numbers."""
    campaign, numbers = await get_published(reading, campaign_id)
    targets = await list_targets_in_force(reading, campaign_id)
    items = [
        TargetRead(
            **target._asdict(), **pace_of(target, campaign, numbers, today)._asdict()
        )
        for target in targets
    ]
    return TargetsRead(**_source(numbers), items=items)


def _shares(numbers: PublishedTables) -> SharesRead:
    shares = {
        name: share and ShareRead(**share._asdict())
        for name, share in steps.shares_of(numbers).items()
    }
    return SharesRead(**shares)


def _summary(campaign: CampaignPlan, numbers: PublishedTables) -> dict[str, Any]:
    """The fields that statistics and funnel have in common."""
    return {
        **_source(numbers),
        "campaign_id": campaign.id,
        "small_cell": threshold_of(campaign.small_cell),
        "listed_counties": len(numbers.frame.counties),
        "shares": _shares(numbers),
    }


async def get_statistics(
    reading: Reading, campaign_id: UUID, query: StatisticsQuery
) -> StatisticsRead:
    """A campaign in numbers, table by table."""
    campaign, numbers = await get_published(reading, campaign_id)
    rows = [
        # Not validated: there can be thousands of rows, all made here.
        StatisticsRow.model_construct(**row._asdict())
        for table in dict.fromkeys(query.table or tables.ONE_WAY)
        for row in tables.rows_of_table(numbers, table)
    ]
    return StatisticsRead(
        **_summary(campaign, numbers),
        subjects=tables.total_of(numbers),
        counties=tables.sum_over_counties(numbers, "total")[1],
        distinct_counties=tables.distinct_counties(numbers),
        rows=rows,
    )


_NUMBERS = (
    "age_from",
    "age_below",
    "stage",
    "subjects",
    "counties",
    "distinct_counties",
)
_TYPES: Mapping[str, Any] = dict.fromkeys(_NUMBERS, Integer)


def rows_of_statistics(rows: Sequence[StatisticsRow]) -> Rows:
    """The rows of statistics as a select, because a file is written from the rows of a query."""
    columns = [
        column(name, _TYPES.get(name, Text)) for name in StatisticsRow.model_fields
    ]
    rows_json = json.dumps([row.model_dump(mode="json") for row in rows])
    records = func.jsonb_to_recordset(cast(bindparam("rows", rows_json, Text), JSONB))
    table = records.table_valued(*columns).render_derived(with_types=True)
    statement: Rows = select(table)
    return statement


async def get_funnel(reading: Reading, campaign_id: UUID) -> FunnelRead:
    """From target to stage two: in all, by county, by sex and by age."""
    campaign, numbers = await get_published(reading, campaign_id)
    targets = {
        target.county_terc: target.subjects
        for target in await list_targets_in_force(reading, campaign_id)
        # An implementer's target has no county: here it would look like that of the
        # whole campaign.
        if target.stage == 1 and target.implementer is None
    }
    by_county = [
        _funnel_row(of_county, county_terc=county, target=targets.get(county))
        for county, of_county in steps.steps_by_county(numbers).items()
    ]
    by_sex, by_age = (
        [
            _funnel_row(part, **category)
            for category, part in steps.steps_by(numbers, by)
        ]
        for by in ("sex", "age_band")
    )
    return FunnelRead(
        **_summary(campaign, numbers),
        target=targets.get(None),
        in_all=StepsRead(**steps.steps_in_all(numbers)._asdict()),
        by_county=by_county,
        by_sex=by_sex,
        by_age=by_age,
    )


def _funnel_row(part: steps.Steps, **fields: Any) -> FunnelRow:
    return FunnelRow(**part._asdict(), **fields, is_suppressed=None in part)
