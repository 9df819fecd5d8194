"""W5: pages and searches of institutions, beside a statement that builds the same JSON, asked by pgbench.

Share is the time of one operation at the same number of clients.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote

import httpx

from bench.figures import Bar, Row, figure, per
from bench.institutions import fill
from bench.load import Load
from bench.operations import Transaction, ask, beside, milliseconds, share_row
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import REGISTRY, Service, Stand

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
    ORDER BY sort_name, id LIMIT {limit}) AS item;
"""


@dataclass(frozen=True)
class Question:
    """The same query for both sides."""

    title: str
    paths: list[str]
    transaction: Transaction


def _statement(limit: int, where: str = "", variables: str = "") -> str:
    return _SQL.format(variables=variables, fields=_FIELDS, works=_WORKS, where=where, limit=limit)


def _first_page() -> Question:
    return Question("page 1", [f"{ADDRESS}?limit=50"], Transaction(_statement(50)))


def _search() -> Question:
    words = [f"nr {number}" for number in range(1, SEARCHED + 1)]
    where = "AND search @@ to_tsquery('simple', 'nr:* & ' || :number || ':*')"
    variables = f"\\set number random(1, {SEARCHED})\n"
    # With one prepared plan for all words PostgreSQL is ten times slower, which would be no limit to compare with.
    paths = [f"{ADDRESS}?q={quote(word)}" for word in words]
    return Question("search q=", paths, Transaction(_statement(50, where, variables), "extended"))


def _of_county() -> Question:
    transaction = Transaction(_statement(50, "AND county_terc IN (CAST('1205' AS text))"))
    return Question("one county", [f"{ADDRESS}?county_terc=1205"], transaction)


async def measure_lists(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W5, as they are measured."""
    with progress.task("W5: registry starts, small table is filled", 2):
        registry = await stand.start(REGISTRY)
        await fill(registry, SMALL)
    for question in (_first_page(), _search(), _of_county()):
        for clients in CLIENTS:
            yield await _beside_pgbench(registry, options, progress, question, clients, f" of {SMALL:,}")
    large = max(options.amount(LARGE), SMALL)
    with progress.task("W5: large table is filled"):
        await fill(registry, large)
    for question in (_first_page(), _search()):
        for clients in CLIENTS:
            yield await _beside_pgbench(registry, options, progress, question, clients, f" of {large:,}")
    yield await _deep_page(registry, options, progress, large)


async def _beside_pgbench(
    registry: Service, options: Options, progress: Progress, question: Question, clients: int, amount: str
) -> Row:
    title = f"{question.title}{amount}, {clients} client{'s' * (clients > 1)}"
    headers = registry.stand.headers("registry_editor")
    load = Load(registry.port, question.paths, headers, clients, options.seconds)
    samples = await beside(registry, options, progress, f"W5: {title}", load, question.transaction)
    return share_row("W5", title, clients, samples, (SHARE,))


async def _deep_page(registry: Service, options: Options, progress: Progress, institutions: int) -> Row:
    limit = 20
    page = min(DEEP_PAGE, institutions // limit)
    with progress.task(f"W5: the way to page {page:,}"):
        deep = await _path_of_page(registry, page, limit)
    load = Load(registry.port, [], registry.stand.headers("registry_editor"), 1, options.seconds)
    sides = {
        "first": partial(ask, registry, replace(load, paths=[f"{ADDRESS}?limit={limit}"])),
        "deep": partial(ask, registry, replace(load, paths=[deep])),
    }
    samples = await interleaved(progress, f"W5: page {page:,} beside page 1", options.rounds, sides)
    ratio = per(*([sample.seconds for sample in samples[name]] for name in ("deep", "first")))
    first, deeper = (milliseconds(samples[name]).median for name in ("first", "deep"))
    note = f"page 1 {first:.2f} ms, page {page:,} {deeper:.2f} ms, one client"
    return Row("W5", f"page {page:,} against page 1, 20 a page", figure(ratio.samples, "×"), bars=(DEEP,), note=note)


async def _path_of_page(registry: Service, page: int, limit: int) -> str:
    """The address of a page, found by turning pages: large ones as far as they go, then small ones."""
    before = (page - 1) * limit
    sizes = [200] * (before // 200) + [limit] * (before % 200 // limit)
    base, cursor = f"{registry.url}{ADDRESS}", ""
    async with httpx.AsyncClient(headers=registry.stand.headers("registry_editor"), timeout=10) as client:
        for size in sizes:
            answer = (await client.get(f"{base}?limit={size}{cursor}")).raise_for_status().json()
            cursor = f"&cursor={answer['next_cursor']}"
    return f"{ADDRESS}?limit={limit}{cursor}"
