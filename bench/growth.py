"""W12: the cost of one operation as the tables grow: a submission, a page within a scope, a campaign's statistics."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from statistics import median

from bench.campaigns import COUNTIES, Campaign, open_campaign
from bench.figures import Bar, Row, figure, per
from bench.instruments import LONG
from bench.load import Load
from bench.operations import Sample, ask
from bench.options import Options
from bench.progress import Progress
from bench.roll_ups import READER, path_of
from bench.rounds import interleaved
from bench.screenings import fill
from bench.stand import SCREENING, Service, Stand
from bench.submissions import ADDRESS, ROLE, load_of_submissions

SIZES = (10_000, 100_000, 1_000_000)
CLIENTS = 8
GROWTH = Bar("ours", at_most=1.3)
Measured = Mapping[str, Sequence[Sample]]


async def measure_growth(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W12, once the largest size has been measured."""
    with progress.task("W12: screening starts, a campaign is opened"):
        screening = await stand.start(SCREENING)
        campaign = await open_campaign(screening, LONG)
    sizes = [options.amount(size) for size in SIZES]
    measured = [await _at_size(screening, campaign, options, progress, size) for size in sizes]
    for title in measured[0]:
        for row in _rows(title, sizes, [of_size[title] for of_size in measured]):
            yield row


async def _at_size(screening: Service, campaign: Campaign, options: Options, progress: Progress, size: int) -> Measured:
    with progress.task(f"W12: {size:,} screenings are filled"):
        await fill(screening, campaign, size)
    loads = _operations(screening, campaign, options.seconds)
    for load in loads.values():
        await ask(screening, replace(load, seconds=1))
    sides = {title: partial(ask, screening, load) for title, load in loads.items()}
    return await interleaved(progress, f"W12: at {size:,} screenings", options.rounds, sides)


def _operations(screening: Service, campaign: Campaign, seconds: float) -> dict[str, Load]:
    """The loads by their titles."""
    scoped = screening.stand.headers(ROLE, counties=COUNTIES)
    headers = screening.stand.headers(READER)
    return {
        "submission": load_of_submissions(screening, LONG, campaign.id, CLIENTS, seconds),
        "page of 50 in 20 counties": Load(screening.port, [f"{ADDRESS}?limit=50"], scoped, 1, seconds),
        "statistics": Load(screening.port, [path_of(campaign, "statistics")], headers, 1, seconds),
    }


def _rows(title: str, sizes: Sequence[int], by_size: Sequence[Sequence[Sample]]) -> list[Row]:
    """How much longer an operation takes, and how much more it costs, at the largest size than at the smallest."""
    times = [[sample.p50 for sample in samples] for samples in by_size]
    cost = [[sample.cpu for sample in samples] for samples in by_size]
    rows = []
    for name, figures, unit, factor in (("p50", times, "ms", 1e3), ("CPU", cost, "µs", 1e6)):
        medians = [
            f"{median(of_size) * factor:,.1f} {unit} of {size:,}" for size, of_size in zip(sizes, figures, strict=True)
        ]
        ratio = figure(per(figures[-1], figures[0]).samples, "×")
        rows.append(Row("W12", f"growth of a {title}, {name}", ratio, bars=(GROWTH,), note=", ".join(medians)))
    return rows
