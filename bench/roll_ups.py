"""W6: the statistics and the funnel of a campaign of a million screenings, from its roll-up.

Beside them pgbench reads the roll-up alone, and psql computes it anew from the screenings. The stored roll-up, and the
numbers for a caller who may read all screenings, are compared with such a recomputation cell by cell, before and after
the writes. The numbers for a caller who may not are compared with `bench.telling`.
"""

import asyncio
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
from bench.telling import numbers_of_first_release
from bench.tools import ToolFailed

NUMBER = 1_000_000
READER = "early_screening_coordinator"
OUTSIDER = "researcher"
POLLS, SECONDS_BETWEEN_POLLS = 600, 0.1
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
        compared = await check_published_numbers(screening, campaign)
    anew = await _recomputations(screening, campaign, options, progress)
    with progress.task("W6: what is told is compared with the rule in plain words"):
        compared_release = await check_first_release(screening, campaign)
    for what, role in (("statistics", READER), ("funnel", READER), ("statistics as told", OUTSIDER)):
        path, headers = path_of(campaign, what.partition(" ")[0]), stand.headers(role)
        load = Load(screening.port, [path], headers, 1, options.seconds)
        transaction = Transaction(_READ, variables={"campaign": campaign.id})
        samples = await beside(screening, options, progress, f"W6: {what}", load, transaction)
        row = share_row("W6", f"{what} of {number:,} screenings", 1, samples, BARS)
        same = compared_release if role == OUTSIDER else compared
        row = replace(row, note=f"{row.note}; limit: the roll-up read alone; {same}")
        if anew:
            lead = per(anew, [sample.seconds for sample in samples["ours"]])
            row = replace(row, lead=lead, note=f"{row.note}; computed anew {median(anew):.2f} s")
        yield row
    yield await _slowed(screening, campaign, options, progress)
    with progress.task("W6: the same comparison after the writes"):
        await check_published_numbers(screening, campaign)


def path_of(campaign: Campaign, what: str) -> str:
    """The path of a campaign's statistics or funnel (`what`)."""
    return f"/v1/screening/campaigns/{campaign.id}/{what}"


def _recomputation(campaign: Campaign) -> str:
    script = Path(__file__).with_name("roll_up.sql").read_text(encoding="utf-8")
    return script.replace(":'campaign'", f"'{campaign.id}'")


async def _recomputations(screening: Service, campaign: Campaign, options: Options, progress: Progress) -> list[float]:
    """The seconds that PostgreSQL takes without a roll-up, of each round; empty where no limits are measured."""
    if not options.rounds.have_limit:
        return []
    title = "W6: the roll-up is computed anew from the screenings"
    with progress.task(title, options.rounds.number):
        return await options.rounds.of(partial(_recompute_by_psql, screening, campaign))


async def _recompute_by_psql(screening: Service, campaign: Campaign) -> float:
    script = f"SET app.counties = '*';\n\\o /dev/null\n{_recomputation(campaign)};\n"
    started = time.perf_counter()
    await screening.run_client("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", stdin=script)
    return time.perf_counter() - started


async def _slowed(screening: Service, campaign: Campaign, options: Options, progress: Progress) -> Row:
    """The rate of screenings submitted to the campaign, against the rate of those submitted to no campaign."""
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


async def check_published_numbers(screening: Service, campaign: Campaign) -> str:
    """Compare the roll-up, and every published number, with a full recomputation; ToolFailed if one differs."""
    await screening.settle()
    anew = {tuple(row)[:-1]: row["subjects"] for row in await screening.fetch(_recomputation(campaign))}
    rows = await screening.fetch(f"SELECT * FROM campaign_counts WHERE campaign_id = '{campaign.id}' AND subjects <> 0")
    rolled = {tuple(row)[1:-1]: row["subjects"] for row in rows}
    if anew != rolled:
        wrong = sum(anew.get(cell) != rolled.get(cell) for cell in anew.keys() | rolled.keys())
        raise ToolFailed(f"{wrong} cells of the roll-up are not what the screenings say")
    async with calling(screening, READER) as caller:
        query = "&".join(f"table={table}" for table in TABLES)
        statistics = await caller.get(f"/campaigns/{campaign.id}/statistics?{query}")
    published = [row for row in statistics["rows"] if row["subjects"] is not None]
    wrong = sum(row["subjects"] != number for row, number in _beside(published, anew))
    tables = {row["table"] for row in statistics["rows"]}
    if wrong or tables != {*TABLES} or statistics["subjects"] != sum(anew.values()):
        raise ToolFailed(f"{wrong} published numbers are not what the screenings say")
    all_rows = len(statistics["rows"])
    return f"{len(anew):,} cells and {len(published):,} of {all_rows:,} published numbers are as recomputed"


async def check_first_release(screening: Service, campaign: Campaign) -> str:
    """Release the campaign and compare every published number with `bench.telling`; ToolFailed if one differs.

    Another revision may publish by another rule, so its numbers are not compared.
    """
    await _release(screening, campaign)
    if screening.stand.folder_of_tree != Path(__file__).parents[1]:
        return "told by its own rule"
    cells = await screening.fetch(_recomputation(campaign))
    expected = numbers_of_first_release({tuple(row)[:-1]: row["subjects"] for row in cells})
    async with calling(screening, OUTSIDER) as caller:
        query = "&".join(f"table={table}" for table in TABLES)
        statistics = await caller.get(f"/campaigns/{campaign.id}/statistics?{query}")
    wrong = sum(row["subjects"] != _expected(row, expected) for row in statistics["rows"])
    if wrong:
        raise ToolFailed(f"{wrong} numbers are not told as the rule says")
    published = sum(row["subjects"] is not None for row in statistics["rows"])
    return f"{published:,} of {len(statistics['rows']):,} numbers are told, each by the rule"


def _expected(row: Mapping[str, Any], expected: Mapping[tuple[str, Cell], int | None]) -> int | None:
    names = [name for name in (*DIMENSIONS, *STAGES) if name in row["table"]]
    place, of = tuple(_value_of(row, name) for name in names), place_of(row)
    return expected.get((row["table"], place), 0) if expected.get((row["table"], of)) else None


def place_of(row: Mapping[str, Any]) -> Cell:
    """The key under which `expected` says whether the table of this row is published at all."""
    return (row["county_terc"],) if row["table"].startswith("county") else ()


async def _release(screening: Service, campaign: Campaign) -> None:
    """Select a child who is selected already: that starts a release and changes nothing."""
    [selection] = await screening.fetch(
        "SELECT subject_ref FROM campaign_selections WHERE withdrawn_at IS NULL LIMIT 1"
    )
    async with calling(screening, READER) as caller:
        by_hand = {"subjects": [str(selection["subject_ref"])], "reason": "again"}
        await caller.post(f"/campaigns/{campaign.id}/selections", by_hand)
    for _ in range(POLLS):
        jobs = await screening.fetch("SELECT state FROM jobs WHERE kind = 'campaign-release'")
        if {job["state"] for job in jobs} == {"succeeded"}:
            return
        await asyncio.sleep(SECONDS_BETWEEN_POLLS)
    raise ToolFailed("nothing was released")


def _beside(rows: Sequence[Mapping[str, Any]], cells: Mapping[Cell, int]) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Each published row with the sum of its cells."""
    tables: dict[str, Counter[Cell]] = {}
    for row in rows:
        names = [name for name in (*DIMENSIONS, *STAGES) if name in row["table"]]
        table = tables.get(row["table"])
        if table is None:
            places = [(*DIMENSIONS, *STAGES).index(name) for name in names]
            table = tables[row["table"]] = Counter()
            for cell, subjects in cells.items():
                table[tuple(cell[place] for place in places)] += subjects
        yield row, table[tuple(_value_of(row, name) for name in names)]


def _value_of(row: Mapping[str, Any], name: str) -> Any:
    if name == "age_band":
        return AGE_BANDS.index(row["age_below"]) if row["age_below"] is not None else len(AGE_BANDS)
    return row["status" if name in STAGES else "county_terc" if name == "county" else name]
