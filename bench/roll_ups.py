"""W6: the statistics and the funnel of a campaign of a million screenings, from its roll-up.

Beside them pgbench reads the roll-up alone, and psql computes it anew from the screenings. What the service publishes,
and the roll-up that it keeps, is compared with such a recomputation cell by cell, before and after it was written to.
"""

import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from bench.calls import calling
from bench.campaigns import AGE_BANDS, Campaign, open_campaign
from bench.figures import Bar, Row, figure, per
from bench.instruments import LONG
from bench.load import Load
from bench.operations import Transaction, ask, beside, share_row
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.screenings import fill
from bench.stand import SCREENING, Service, Stand
from bench.submissions import load_of_submissions
from bench.tools import ToolFailed

NUMBER = 1_000_000
READER = "early_screening_coordinator"
CLIENTS = 8
BARS = (Bar("ours", at_most=100),)
SLOWED = Bar("ours", at_least=0.85)
Cell = tuple[Any, ...]
DIMENSIONS = ("county", "implementer", "age_band", "sex")
STAGES = ("stage_one", "stage_two")
TABLES = (
    *DIMENSIONS,
    *STAGES,
    *(f"county_{name}" for name in DIMENSIONS[1:]),
    *(f"{name}_{stage}" for name in DIMENSIONS for stage in STAGES),
)
_READ = """
SELECT coalesce(array_agg(county_terc), '{}'), coalesce(array_agg(implementer), '{}'), coalesce(array_agg(age_band),
    '{}'), coalesce(array_agg(sex), '{}'), coalesce(array_agg(stage_one), '{}'), coalesce(array_agg(stage_two), '{}'),
    coalesce(array_agg(subjects), '{}')
FROM campaign_counts WHERE campaign_id = CAST(:campaign AS uuid) AND subjects > 0;
"""


async def measure_roll_ups(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W6, as they are measured."""
    number = options.amount(NUMBER)
    with progress.task(f"W6: screening starts, {number:,} screenings are filled"):
        screening = await stand.start(SCREENING)
        campaign = await open_campaign(screening, LONG)
        await fill(screening, campaign, number)
    with progress.task("W6: what is published is compared with a recomputation"):
        compared = await check_what_is_published(screening, campaign)
    anew = await _recomputations(screening, campaign, options, progress)
    for what in ("statistics", "funnel"):
        path, headers = path_of(campaign, what), stand.headers(READER)
        load = Load(screening.port, [path], headers, 1, options.seconds)
        asked = Transaction(_READ, variables={"campaign": campaign.id})
        samples = await beside(screening, options, progress, f"W6: {what}", load, asked)
        row = share_row("W6", f"{what} of {number:,} screenings", 1, samples, BARS)
        row = replace(row, note=f"{row.note}; limit: the roll-up read alone; {compared}")
        if anew:
            lead = per(anew, [sample.seconds for sample in samples["ours"]])
            row = replace(row, lead=lead, note=f"{row.note}; computed anew {median(anew):.2f} s")
        yield row
    yield await _slowed(screening, campaign, options, progress)
    with progress.task("W6: the same comparison after the writes"):
        await check_what_is_published(screening, campaign)


def path_of(campaign: Campaign, what: str) -> str:
    """Where a campaign's numbers are."""
    return f"/v1/screening/campaigns/{campaign.id}/{what}"


def _recomputation(campaign: Campaign) -> str:
    script = Path(__file__).with_name("roll_up.sql").read_text(encoding="utf-8")
    return script.replace(":'campaign'", f"'{campaign.id}'")


async def _recomputations(screening: Service, campaign: Campaign, options: Options, progress: Progress) -> list[float]:
    """How long PostgreSQL takes without a roll-up in each round; nothing where no limits are measured."""
    if not options.rounds.have_limit:
        return []
    title = "W6: the roll-up is computed anew from the screenings"
    with progress.task(title, options.rounds.number):
        return await options.rounds.of(partial(_recomputed_by_psql, screening, campaign))


async def _recomputed_by_psql(screening: Service, campaign: Campaign) -> float:
    script = f"SET app.counties = '*';\n\\o /dev/null\n{_recomputation(campaign)};\n"
    started = time.perf_counter()
    await screening.run_client("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", given=script)
    return time.perf_counter() - started


async def _slowed(screening: Service, campaign: Campaign, options: Options, progress: Progress) -> Row:
    """How many screenings are taken that count in the campaign, against such as count in none."""
    loads = {
        name: load_of_submissions(screening, LONG, of, CLIENTS, options.seconds)
        for name, of in {"counted": campaign.id, "alone": None}.items()
    }
    for load in loads.values():
        await ask(screening, replace(load, seconds=1))
    sides = {name: partial(ask, screening, load) for name, load in loads.items()}
    samples = await interleaved(progress, "W6: screenings with and without a campaign", options.rounds, sides)
    ratio = per(*([sample.seconds for sample in samples[name]] for name in ("alone", "counted")))
    rates = {name: CLIENTS / median(sample.seconds for sample in side) for name, side in samples.items()}
    spent = {name: median(sample.cpu for sample in side) * 1e6 for name, side in samples.items()}
    note = ", ".join(f"{name} {rates[name]:,.0f}/s at {spent[name]:,.0f} µs CPU" for name in samples)
    return Row(
        "W6",
        "submissions with a campaign against without, 8 clients",
        figure(ratio.samples, "×"),
        bars=(SLOWED,),
        note=note,
    )


async def check_what_is_published(screening: Service, campaign: Campaign) -> str:
    """The roll-up, and every number that is published, is what a full recomputation says; ToolFailed if not."""
    await screening.settle()
    anew = {tuple(row)[:-1]: row["subjects"] for row in await screening.fetch(_recomputation(campaign))}
    kept = await screening.fetch(f"SELECT * FROM campaign_counts WHERE campaign_id = '{campaign.id}' AND subjects <> 0")
    rolled = {tuple(row)[1:-1]: row["subjects"] for row in kept}
    if anew != rolled:
        wrong = sum(anew.get(cell) != rolled.get(cell) for cell in anew.keys() | rolled.keys())
        raise ToolFailed(f"{wrong} cells of the roll-up are not what the screenings say")
    async with calling(screening, READER) as caller:
        asked = "&".join(f"table={table}" for table in TABLES)
        found = await caller.get(f"/campaigns/{campaign.id}/statistics?{asked}")
    told = [row for row in found["rows"] if row["subjects"] is not None]
    wrong = sum(row["subjects"] != number for row, number in _beside(told, anew))
    if wrong or {row["table"] for row in found["rows"]} != {*TABLES} or found["subjects"] != sum(anew.values()):
        raise ToolFailed(f"{wrong} published numbers are not what the screenings say")
    return f"{len(anew):,} cells and {len(told):,} of {len(found['rows']):,} published numbers are as recomputed"


def _beside(rows: Sequence[Mapping[str, Any]], cells: Mapping[Cell, int]) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Each published number, and what the cells come to for it."""
    tables: dict[str, Counter[Cell]] = {}
    for row in rows:
        names = [name for name in (*DIMENSIONS, *STAGES) if name in row["table"]]
        table = tables.get(row["table"])
        if table is None:
            places = [(*DIMENSIONS, *STAGES).index(name) for name in names]
            table = tables[row["table"]] = Counter()
            for cell, subjects in cells.items():
                table[tuple(cell[place] for place in places)] += subjects
        yield row, table[tuple(_told(row, name) for name in names)]


def _told(row: Mapping[str, Any], name: str) -> Any:
    if name == "age_band":
        return AGE_BANDS.index(row["age_below"]) if row["age_below"] is not None else len(AGE_BANDS)
    return row["status" if name in STAGES else "county_terc" if name == "county" else name]
