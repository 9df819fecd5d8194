"""W5: pages and searches of institutions, beside a statement that builds the same JSON, asked by pgbench.

Share is the time of one operation at the same number of clients. The cost in processor time counts, for ours, the
service and PostgreSQL, and for the limit pgbench and PostgreSQL; whoever makes the HTTP load is not counted.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from urllib.parse import quote

import httpx

from bench.accounting import cpu_seconds
from bench.figures import Bar, Figure, Row, figure, per
from bench.institutions import fill
from bench.load import Load, drive
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import HOST, REGISTRY, Stand

ADDRESS = "/v1/registry/institutions"
CLIENTS = (1, 8)
SHARE = Bar("share", at_least=0.5, goal=0.6)
DEEP = Bar("ours", at_most=1.2)
DEEP_PAGE = 10_000
SMALL, LARGE = 20_000, 200_000
SEARCHED = 400
_FIELDS = (
    "id, version, name, type, sector, ownership, reference_level, county_terc, commune_terc, locality, street,"
    " building, unit, postcode, post_office, latitude, longitude, phone, email, website, rspo, regon, nip, krs,"
    " running_body, places, enrolled, is_accessible, accessibility, opened_on, closed_on, closing_reason, source,"
    " source_key, valid_from, changed_at"
)
_WORKS = "coalesce(opened_on <= current_date, true) AND coalesce(closed_on > current_date, true)"
_SQL = """{variables}SELECT json_build_object('items', json_agg(item)) FROM (
    SELECT {fields} FROM institutions WHERE {works} {where}
    ORDER BY folded_name, id LIMIT {limit}) AS item;
"""
_LATENCY = re.compile(r"latency average = ([0-9.]+) ms")
_DONE = re.compile(r"transactions actually processed: ([0-9]+)")


@dataclass(frozen=True)
class Question:
    """The same question for both sides."""

    title: str
    paths: list[str]
    sql: str
    mode: str = "prepared"


@dataclass(frozen=True)
class Sample:
    """One round of one side; seconds of one operation at one client."""

    seconds: float
    p95: float
    cpu: float


def _statement(limit: int, where: str = "", variables: str = "") -> str:
    return _SQL.format(variables=variables, fields=_FIELDS, works=_WORKS, where=where, limit=limit)


def _first_page() -> Question:
    return Question("page 1", [f"{ADDRESS}?limit=50"], _statement(50))


def _search() -> Question:
    words = [f"nr {number}" for number in range(1, SEARCHED + 1)]
    where = "AND search @@ to_tsquery('simple', 'nr:* & ' || :number || ':*')"
    variables = f"\\set number random(1, {SEARCHED})\n"
    # Prepared once for all words, PostgreSQL would take a plan that is ten times slower: that would be no limit.
    paths = [f"{ADDRESS}?q={quote(word)}" for word in words]
    return Question("search q=", paths, _statement(50, where, variables), mode="extended")


def _of_county() -> Question:
    return Question(
        "one county", [f"{ADDRESS}?county_terc=1205"], _statement(50, "AND county_terc IN (CAST('1205' AS text))")
    )


async def measure_lists(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W5, as they are measured."""
    with progress.task("W5: registry starts, small table is filled", 2):
        await stand.start_registry()
        await fill(stand, SMALL)
    for question in (_first_page(), _search(), _of_county()):
        for clients in CLIENTS:
            yield await _beside_pgbench(stand, options, progress, question, clients, f" of {SMALL:,}")
    large = max(options.amount(LARGE), SMALL)
    with progress.task("W5: large table is filled"):
        await fill(stand, large)
    for question in (_first_page(), _search()):
        for clients in CLIENTS:
            yield await _beside_pgbench(stand, options, progress, question, clients, f" of {large:,}")
    yield await _deep_page(stand, options, progress, large)


async def _beside_pgbench(
    stand: Stand, options: Options, progress: Progress, question: Question, clients: int, amount: str = ""
) -> Row:
    load = Load(stand.registry_port, question.paths, stand.headers("registry_editor"), clients, options.seconds)
    await drive(replace(load, seconds=1))
    sides = {"ours": partial(_ours, stand, load), "limit": partial(_limit, stand, question, clients, options)}
    title = f"{question.title}{amount}, {clients} client{'s' * (clients > 1)}"
    samples = await interleaved(progress, f"W5: {title}", options.rounds, sides)
    return _row(title, samples["ours"], samples["limit"])


def _row(title: str, ours: list[Sample], limit: list[Sample]) -> Row:
    cpu = per([sample.cpu for sample in limit], [sample.cpu for sample in ours])
    spent = [median(sample.cpu for sample in side) * 1e6 for side in (ours, limit)]
    note = f"CPU per operation {spent[0]:,.0f} µs, limit {spent[1]:,.0f} µs: share {cpu.median:.2f};"
    note += f" p95 {median(sample.p95 for sample in ours) * 1e3:.1f} ms"
    share = per([sample.seconds for sample in limit], [sample.seconds for sample in ours])
    return Row("W5", title, _milliseconds(ours), _milliseconds(limit), share, bars=(SHARE,), note=note)


def _milliseconds(samples: list[Sample]) -> Figure:
    return figure([sample.seconds * 1000 for sample in samples], "ms")


async def _ours(stand: Stand, load: Load) -> Sample:
    service, database = stand.pid(REGISTRY), stand.pid("postgres")
    before = cpu_seconds(service) + cpu_seconds(database)
    answered = await drive(load)
    cpu = cpu_seconds(service) + cpu_seconds(database) - before
    return Sample(load.connections / answered.rate, answered.p95, cpu / answered.requests)


async def _limit(stand: Stand, question: Question, clients: int, options: Options) -> Sample:
    script = stand.folder / "question.sql"
    script.write_text(question.sql)
    before = cpu_seconds(stand.pid("postgres"))
    arguments = ["-n", "-M", question.mode, "-c", str(clients), "-j", "1", "-T", str(round(options.seconds))]
    ran = await stand.run_client("pgbench", *arguments, "-f", script)
    await asyncio.sleep(0.1)  # until PostgreSQL has counted its ended backends
    cpu = cpu_seconds(stand.pid("postgres")) - before + ran.cpu_seconds
    latency, done = _LATENCY.search(ran.output), _DONE.search(ran.output)
    assert latency is not None
    assert done is not None
    return Sample(float(latency[1]) / 1000, 0.0, cpu / int(done[1]))


async def _deep_page(stand: Stand, options: Options, progress: Progress, institutions: int) -> Row:
    limit = 20
    page = min(DEEP_PAGE, institutions // limit)
    with progress.task(f"W5: the way to page {page:,}"):
        deep = await _path_of_page(stand, page, limit)
    load = Load(stand.registry_port, [], stand.headers("registry_editor"), 1, options.seconds)
    sides = {
        "first": partial(_ours, stand, replace(load, paths=[f"{ADDRESS}?limit={limit}"])),
        "deep": partial(_ours, stand, replace(load, paths=[deep])),
    }
    samples = await interleaved(progress, f"W5: page {page:,} beside page 1", options.rounds, sides)
    ratio = per(*([sample.seconds for sample in samples[name]] for name in ("deep", "first")))
    first, deeper = (_milliseconds(samples[name]).median for name in ("first", "deep"))
    note = f"page 1 {first:.2f} ms, page {page:,} {deeper:.2f} ms, one client"
    return Row("W5", f"page {page:,} against page 1, 20 a page", figure(ratio.samples, "×"), bars=(DEEP,), note=note)


async def _path_of_page(stand: Stand, page: int, limit: int) -> str:
    """The address of a page, found by turning pages: large ones as far as they go, then small ones."""
    before = (page - 1) * limit
    sizes = [200] * (before // 200) + [limit] * (before % 200 // limit)
    base, cursor = f"http://{HOST}:{stand.registry_port}{ADDRESS}", ""
    async with httpx.AsyncClient(headers=stand.headers("registry_editor"), timeout=10) as client:
        for size in sizes:
            answer = (await client.get(f"{base}?limit={size}{cursor}")).raise_for_status().json()
            cursor = f"&cursor={answer['next_cursor']}"
    return f"{ADDRESS}?limit={limit}{cursor}"
