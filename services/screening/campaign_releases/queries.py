"""A campaign's numbers as they may be told: live to who may read the screenings, to all others as last released."""

import asyncio
import json
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Text, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on

from services.chassis.access import reaches
from services.chassis.callers import Caller, Reach
from services.chassis.tables import rows_of
from services.chassis.work import Reading, Record, Rows
from services.screening.campaign_releases import schemas as wire
from services.screening.campaign_releases.models import CampaignRelease
from services.screening.campaign_releases.rules import Released, rolled_up
from services.screening.campaigns.queries import (
    COUNTS,
    get_campaign_facts,
    get_roll_up,
    list_current_targets,
)
from services.screening.campaigns.rules import tables
from services.screening.campaigns.rules.pace import pace_of
from services.screening.permissions import Permission

RELEASES = rows_of(CampaignRelease)


class Told(NamedTuple):
    """A campaign, what is published of it to somebody, and as of when."""

    campaign: Record
    found: tables.Published
    source: dict[str, Any]


async def get_published(reading: Reading, caller: Caller, campaign_id: UUID) -> Told:
    """All that is published of a campaign's numbers to this caller; what to hide of them is found in a thread."""
    campaign = await get_campaign_facts(reading, campaign_id)
    if await _covers(reading, caller, campaign):
        rolled = await get_roll_up(reading, campaign_id)
        live = await asyncio.to_thread(
            tables.published, rolled, campaign.age_bands, campaign.small_cell
        )
        return Told(campaign, live, {"is_live": True, "released_at": None})
    newest = (
        select(RELEASES)
        .ext(distinct_on(RELEASES.c.county_terc))
        .where(RELEASES.c.campaign_id == campaign_id)
    )
    ordered = newest.order_by(RELEASES.c.county_terc, RELEASES.c.number.desc())
    rows = await reading.rows(ordered)
    rolled = rolled_up({row.county_terc: _cells(row) for row in rows})
    found = await asyncio.to_thread(
        tables.published, rolled, campaign.age_bands, campaign.small_cell
    )
    found.hiding.is_total_hidden |= not rows
    released_at = max((row.released_at for row in rows), default=None)
    return Told(
        campaign,
        replace(found, is_partial=True),
        {"is_live": False, "released_at": released_at},
    )


async def _covers(reading: Reading, caller: Caller, campaign: Record) -> bool:
    """Whether the caller may read the screenings that are counted, so that a difference tells nothing new."""
    permission = Permission.READ_SCREENINGS
    if (
        campaign.county_terc is not None
        or caller.reach(permission) != Reach.OWN_COUNTIES
    ):
        return reaches(caller, permission, county=campaign.county_terc)
    statement = select(COUNTS.c.county_terc).where(
        COUNTS.c.campaign_id == campaign.id, COUNTS.c.subjects > 0
    )
    counties = {*await reading.scalars(statement.distinct())}
    return bool(counties) and counties <= caller.counties


def _cells(row: Record) -> dict[Any, int]:
    return {(*cell,): subjects for *cell, subjects in row.cells}


async def list_releases(reading: Reading, campaign_id: UUID) -> list[Released]:
    """The counts of every release of a campaign, the first one first."""
    statement = (
        select(RELEASES)
        .where(RELEASES.c.campaign_id == campaign_id)
        .order_by(RELEASES.c.number)
    )
    found: list[Released] = []
    for row in await reading.rows(statement):
        if row.number > len(found):
            found.append(found[-1] if found else {})
        found[-1] = {**found[-1], row.county_terc: _cells(row)}
    return found


async def list_targets(
    reading: Reading, caller: Caller, campaign_id: UUID, today: date
) -> wire.TargetsRead:
    """The targets in force, each with how far the campaign is from it by what is published."""
    campaign, found, source = await get_published(reading, caller, campaign_id)
    current = await list_current_targets(reading, campaign_id)
    facts = ("id", "stage", "county_terc", "implementer", "subjects", "set_at")
    told = [{name: getattr(target, name) for name in facts} for target in current]
    return wire.TargetsRead(
        **source,
        items=[
            wire.TargetRead(**facts, **pace_of(facts, campaign, found, today)._asdict())
            for facts in told
        ],
    )


def _shares(steps: tables.Steps) -> wire.SharesRead:
    told = {
        name: share and wire.ShareRead(**share._asdict())
        for name, share in tables.shares_of(steps).items()
    }
    return wire.SharesRead(**told)


async def get_statistics(
    reading: Reading, caller: Caller, campaign_id: UUID, query: wire.StatisticsQuery
) -> wire.StatisticsRead:
    """A campaign in numbers, from its roll-up."""
    campaign, found, source = await get_published(reading, caller, campaign_id)
    wanted = dict.fromkeys(query.table or tables.ONE_WAY)
    return wire.StatisticsRead(
        **source,
        campaign_id=campaign_id,
        small_cell=campaign.small_cell,
        subjects=found.total,
        distinct_counties=found.distinct_counties,
        shares=_shares(tables.steps_in_all(found)),
        rows=[
            wire.StatisticsRow.model_construct(**row._asdict())
            for table in wanted
            for row in tables.rows_of_table(found, table)
        ],
    )


def rows_of_statistics(found: wire.StatisticsRead) -> Rows:
    """The rows of statistics as a select, for a file."""
    kinds = {
        name: Integer if name in _NUMBERS else Text
        for name in wire.StatisticsRow.model_fields
    }
    listed = json.dumps([row.model_dump(mode="json") for row in found.rows])
    given = func.jsonb_to_recordset(cast(bindparam("rows", listed, Text), JSONB))
    table = given.table_valued(*[column(name, kind) for name, kind in kinds.items()])
    rows: Rows = select(table.render_derived(with_types=True))
    return rows


_NUMBERS = {"age_from", "age_below", "stage", "subjects", "distinct_counties"}


async def get_funnel(
    reading: Reading, caller: Caller, campaign_id: UUID
) -> wire.FunnelRead:
    """From target to stage two: in all, by county, by sex and by age."""
    campaign, found, source = await get_published(reading, caller, campaign_id)
    aims = [
        target
        for target in await list_current_targets(reading, campaign_id)
        if target.stage == 1
    ]
    of_county = {
        target.county_terc: target.subjects
        for target in aims
        if target.implementer is None
    }

    def rows(name: str) -> list[wire.FunnelRow]:
        return [
            wire.FunnelRow(
                **told,
                **steps._asdict(),
                target=of_county.get(told["county_terc"]) if name == "county" else None,
                is_suppressed=None in steps,
            )
            for told, steps in tables.steps_by(found, name)
        ]

    in_all = tables.steps_in_all(found)
    return wire.FunnelRead(
        **source,
        campaign_id=campaign_id,
        small_cell=campaign.small_cell,
        target=of_county.get(None),
        in_all=wire.StepsRead(**in_all._asdict()),
        shares=_shares(in_all),
        by_county=rows("county"),
        by_sex=rows("sex"),
        by_age=rows("age_band"),
    )
