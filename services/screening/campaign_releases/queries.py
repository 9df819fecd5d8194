"""A campaign's numbers: of the counties whose screenings the caller may read as they are now, of others as told."""

import asyncio
import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from pydantic_core import from_json
from sqlalchemy import Integer, Text, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.callers import Caller, Reach
from services.chassis.tables import rows_of
from services.chassis.work import Reading, Record, Rows
from services.screening.campaign_releases import schemas as wire
from services.screening.campaign_releases.models import ToldTable
from services.screening.campaign_releases.rules import NAMES
from services.screening.campaigns.queries import (
    get_plan,
    get_roll_up,
    list_current_targets,
    named_counties,
)
from services.screening.campaigns.rules import steps, tables
from services.screening.campaigns.rules.counted import (
    STATES,
    Counts,
    Frame,
    Numbers,
    RollUp,
    all_live,
    nothing_told,
    with_live,
)
from services.screening.campaigns.rules.pace import pace_of
from services.screening.campaigns.rules.telling import threshold_of
from services.screening.permissions import Permission

TOLD = rows_of(ToldTable)


class Kept(NamedTuple):
    """A table of a county as it was told last: which, its numbers, and when."""

    county: str
    name: str
    counts: Any
    released_at: str


class Published(NamedTuple):
    """A campaign, what is published of it to somebody, and as of when."""

    campaign: Record
    numbers: Numbers
    source: dict[str, Any]


async def list_told(reading: Reading, campaign_id: UUID) -> list[Kept]:
    """Every table that is told of a campaign, as one text: thousands of rows would cost more."""
    parts = (TOLD.c.county_terc, TOLD.c.name, TOLD.c.counts, TOLD.c.released_at)
    listed = cast(func.json_agg(func.json_build_array(*parts)), Text)
    statement = select(listed).where(TOLD.c.campaign_id == campaign_id)
    found = await reading.scalar(statement)
    return [Kept(*told) for told in from_json(found or "[]")]


def counts_of(kept: Kept, frame: Frame) -> Counts:
    """The numbers of a table that was told, with a place for every implementer that there is now."""
    if not isinstance(kept.counts, dict):
        return np.array(kept.counts, np.int64)
    none = np.zeros(frame.shape(kept.name)[1:], np.int64)
    return np.array(
        [kept.counts.get(code, none) for code in frame.implementers], np.int64
    )


def numbers_of(told: Collection[Kept], frame: Frame) -> Numbers:
    """What was told of each county, side by side."""
    numbers = nothing_told(frame)
    places = {county: place for place, county in enumerate(frame.counties)}
    for kept in told:
        table, at = (
            (STATES, NAMES[kept.name]) if kept.name in NAMES else (kept.name, None)
        )
        place = (places[kept.county],) if at is None else (places[kept.county], at)
        numbers.counts[table][place] = counts_of(kept, frame)
        numbers.told[table][place] = True
        moment, moments = (
            datetime.fromisoformat(kept.released_at),
            numbers.moments[table],
        )
        moments[place[0]] = min(moment, moments[place[0]] or moment)
    return numbers


def _own(caller: Caller, campaign: Record) -> Collection[str] | None:
    """The counties whose screenings the caller may read; None for all that the campaign is of."""
    reach = caller.reach(Permission.READ_SCREENINGS)
    if reach == Reach.EVERYWHERE:
        return None
    own = caller.counties if reach == Reach.OWN_COUNTIES else ()
    return None if campaign.county_terc in own else own


async def get_published(
    reading: Reading, caller: Caller, campaign_id: UUID
) -> Published:
    """All that is published of a campaign's numbers to this caller."""
    campaign = await get_plan(reading, campaign_id)
    own = _own(caller, campaign)
    rolled = RollUp(*[()] * 7) if own is not None and not own else None
    rolled = rolled or await get_roll_up(reading, campaign_id, own)
    if own is None:
        live = await asyncio.to_thread(
            all_live, rolled, _frame(campaign, rolled.county)
        )
        return Published(campaign, live, {"is_live": True, "released_at": None})
    told = await list_told(reading, campaign_id)
    frame = _frame(campaign, rolled.county, [kept.county for kept in told])
    numbers = with_live(await asyncio.to_thread(numbers_of, told, frame), rolled, own)
    released_at = max(
        (
            moment
            for moments in numbers.moments.values()
            for moment in moments
            if moment
        ),
        default=None,
    )
    return Published(campaign, numbers, {"is_live": False, "released_at": released_at})


def _frame(campaign: Record, *counties: Collection[str]) -> Frame:
    """The counties that a campaign names and these, its implementers and its ages."""
    listed = named_counties(campaign).union(*counties)
    return Frame(sorted(listed), sorted(campaign.implementers), campaign.age_bands)


def frame_of(campaign: Record, told: Collection[Kept], rolled: RollUp) -> Frame:
    """With every county of which there is, or was told, anything."""
    return _frame(campaign, rolled.county, [kept.county for kept in told])


def counties_as_sampled(numbers: Numbers) -> list[dict[str, Any]]:
    """What is told of each county by number, sex and age, in the shape of a study's sample."""
    found: dict[str, dict[str, Any]] = {}
    for row in tables.rows_of_table(numbers, "county"):
        shape = {"county_terc": row.county_terc, "subjects": row.subjects}
        found[row.county_terc or ""] = {
            **shape,
            "by_sex": [],
            "by_age": [],
            "with_criterion": None,
        }
    for table, part in (("county_sex", "by_sex"), ("county_age_band", "by_age")):
        for row in tables.rows_of_table(numbers, table):
            told = {
                name: getattr(row, name)
                for name in ("sex", "age_from", "age_below", "subjects")
            }
            found[row.county_terc or ""][part].append(told)
    return [*found.values()]


def implementers_in(campaign: Record, county: str) -> int:
    """How many implementers may screen in a county, by what the campaign says of them."""
    placed: Mapping[str, list[str]] = campaign.implementers
    return sum(not counties or county in counties for counties in placed.values())


async def list_targets(
    reading: Reading, caller: Caller, campaign_id: UUID, today: date
) -> wire.TargetsRead:
    """The targets in force, each with how far the campaign is from it by what is published."""
    campaign, numbers, source = await get_published(reading, caller, campaign_id)
    current = await list_current_targets(reading, campaign_id)
    facts = ("id", "stage", "county_terc", "implementer", "subjects", "set_at")
    told = [{name: getattr(target, name) for name in facts} for target in current]
    paces = [pace_of(target, campaign, numbers, today)._asdict() for target in told]
    items = [
        wire.TargetRead(**target, **pace)
        for target, pace in zip(told, paces, strict=True)
    ]
    return wire.TargetsRead(**source, items=items)


def _shares(numbers: Numbers) -> wire.SharesRead:
    found = steps.shares_of(numbers)
    told = {
        name: share and wire.ShareRead(**share._asdict())
        for name, share in found.items()
    }
    return wire.SharesRead(**told)


def _in_short(campaign: Record, numbers: Numbers) -> dict[str, Any]:
    """What is said of a campaign's numbers in all."""
    return {
        "campaign_id": campaign.id,
        "small_cell": threshold_of(campaign.small_cell),
        "listed_counties": len(numbers.frame.counties),
        "shares": _shares(numbers),
    }


async def get_statistics(
    reading: Reading, caller: Caller, campaign_id: UUID, query: wire.StatisticsQuery
) -> wire.StatisticsRead:
    """A campaign in numbers."""
    campaign, numbers, source = await get_published(reading, caller, campaign_id)
    wanted = dict.fromkeys(query.table or tables.ONE_WAY)
    return wire.StatisticsRead(
        **source,
        **_in_short(campaign, numbers),
        subjects=tables.total_of(numbers),
        counties=tables.in_all(numbers, "total")[1],
        distinct_counties=tables.distinct_counties(numbers),
        rows=[
            wire.StatisticsRow.model_construct(**row._asdict())
            for table in wanted
            for row in tables.rows_of_table(numbers, table)
        ],
    )


def rows_of_statistics(found: wire.StatisticsRead) -> Rows:
    """The rows of statistics as a select, for a file."""
    kinds = {name: _KINDS.get(name, Text) for name in wire.StatisticsRow.model_fields}
    listed = json.dumps([row.model_dump(mode="json") for row in found.rows])
    given = func.jsonb_to_recordset(cast(bindparam("rows", listed, Text), JSONB))
    table = given.table_valued(*[column(name, kind) for name, kind in kinds.items()])
    rows: Rows = select(table.render_derived(with_types=True))
    return rows


_NUMBERS = (
    "age_from",
    "age_below",
    "stage",
    "subjects",
    "counties",
    "distinct_counties",
)
_KINDS: dict[str, Any] = dict.fromkeys(_NUMBERS, Integer)


async def get_funnel(
    reading: Reading, caller: Caller, campaign_id: UUID
) -> wire.FunnelRead:
    """From target to stage two: in all, by county, by sex and by age."""
    campaign, numbers, source = await get_published(reading, caller, campaign_id)
    current = await list_current_targets(reading, campaign_id)
    aims = [
        target for target in current if target.stage == 1 and target.implementer is None
    ]
    of_county = {target.county_terc: target.subjects for target in aims}

    def row(of: Mapping[str, Any], found: steps.Steps, **more: Any) -> wire.FunnelRow:
        return wire.FunnelRow(
            **of, **found._asdict(), **more, is_suppressed=None in found
        )

    return wire.FunnelRead(
        **source,
        **_in_short(campaign, numbers),
        target=of_county.get(None),
        in_all=wire.StepsRead(**steps.steps_in_all(numbers)._asdict()),
        by_county=[
            row({"county_terc": county}, found, target=of_county.get(county))
            for county, found in steps.steps_by_county(numbers).items()
        ],
        by_sex=[row(of, found) for of, found in steps.steps_by(numbers, "sex")],
        by_age=[row(of, found) for of, found in steps.steps_by(numbers, "age_band")],
    )
