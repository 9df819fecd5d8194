"""W5s: lists and single screenings for callers of one county, several or all, in 100,000 and 400,000.

One county has a fifth of all rows, one has thirty, one has none; the others are spread over the rest
of the country. Beside it pgbench sends the scope and the statement in one round trip, under the same
row-level security. Its statement is written for the scope that it is asked in, so that PostgreSQL
takes the way by the index that leads to a county's newest rows.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

import httpx

from bench.figures import Bar, Row, per
from bench.load import Load
from bench.operations import Sample, Transaction, ask, share_row, transact
from bench.options import Options
from bench.progress import Progress
from bench.rounds import LIMIT, interleaved
from bench.screenings import empty
from bench.stand import SCREENING, Service, Stand
from bench.tools import ToolFailed

ADDRESS = "/v1/screening/screenings"
ROLE = "early_screening_coordinator"
CLIENTS = (1, 8)
SMALL, LARGE = 100_000, 400_000
MANY, FEW, NONE = "2469", "0270", "0271"
SEVERAL = (MANY, FEW, NONE, "0201", "1205", "1405", "2201", "3203")
ROWS_OF_FEW, MANY_IS_EACH, LEAST_ROWS = 30, 5, 1_000
PAGE, RECORDS = 50, 200
OPEN = "open list"
SHARE = Bar("share", at_least=0.5)
NOTHING = Bar("ours", at_most=3.0)
_FILL = """
INSERT INTO screenings (created_at, subject_ref, birth_month, age_months, sex, county_terc,
    instrument_code, instrument_version, form_code, informant, administered_on, state, answers, result,
    outcome, has_consent, source, external_id, created_by, submitted_by, submitted_at, scored_at)
SELECT TIMESTAMPTZ '2024-01-08' + n * INTERVAL '1 second', md5('subject ' || n)::uuid,
       DATE '2020-01-01', 36 + n % 35, CASE WHEN n % 13 < 7 THEN 'female' ELSE 'male' END,
       CASE WHEN n % {step} = 1 THEN '{few}' WHEN n % {each} = 0 THEN '{many}'
            ELSE to_char(2 * (1 + n % 16), 'FM00') || to_char(1 + n / 16 % 24, 'FM00') END,
       'SCOPED', 1, 'F', CASE WHEN n % 14 = 0 THEN 'teacher' ELSE 'parent' END, DATE '2024-03-15',
       'scored', answers, '{{"form": "F", "critical": [], "outcome": "negative", "suggestion": null,
       "norm_set": null, "scales": []}}',
       'negative', n % 9 <> 0, 'before', n::text, 'bench', 'bench', now(), now()
FROM generate_series(1, {number}) n
CROSS JOIN (SELECT jsonb_object_agg('I' || i, (i % 4)::text) AS answers
            FROM generate_series(1, 60) i) AS sixty
"""
_FIELDS = (
    "id, version, state, campaign_id, stage, implementer, subject_ref, birth_month, age_months, sex,"
    " county_terc, institution_id, instrument_code, instrument_version, form_code, informant,"
    " administered_on, outcome, norm_set_id, has_consent, consent_recorded_by, consent_recorded_at,"
    " source, external_id, submitted_by, submitted_at, confirmed_by, confirmed_at, returned_by,"
    " returned_at, returning_reason, annulled_by, annulled_at, annulling_reason, changed_at"
)
_NEWEST = f"ORDER BY created_at DESC, id DESC LIMIT {PAGE}"
_SCOPE = "SELECT set_config('app.counties', '{counties}', true), set_config('app.institution', '', true);"
_LIST = "SELECT json_build_object('items', coalesce(json_agg(item), '[]')) FROM ({rows}) AS item;"
_RECORD = """
SELECT row_to_json(item) FROM (
    SELECT {fields}, answers FROM screenings
    WHERE county_terc = '{county}' AND id = (CAST('{{{ids}}}' AS uuid[]))[CAST(:number AS integer)]
) AS item;
"""


@dataclass(frozen=True)
class Case:
    """The same query for both sides, in the scope of these counties."""

    title: str
    counties: Sequence[str]
    paths: Sequence[str]
    statement: str
    variables: str = ""

    @property
    def scope(self) -> str:
        return _SCOPE.format(counties=",".join(self.counties))

    @property
    def transaction(self) -> Transaction:
        """Both statements in one round trip, which makes them one transaction."""
        pipeline = f"\\startpipeline\n{self.scope}\n{self.statement}\n\\endpipeline\n"
        return Transaction(f"{self.variables}{pipeline}")


async def measure_scoped_lists(
    stand: Stand,
    options: Options,
    progress: Progress,
) -> AsyncIterator[Row]:
    """All rows of W5s, as they are measured."""
    with progress.task("W5s: screening starts"):
        screening = await stand.start(SCREENING)
    for full in (SMALL, LARGE):
        number = max(options.amount(full), LEAST_ROWS)
        with progress.task(f"W5s: {number:,} screenings are filled"):
            await _fill(screening, number)
        cases = [*_lists(), *[await _records(screening, county) for county in (MANY, FEW)]]
        if options.rounds.have_limit:
            for case in cases:
                await _check(screening, case)
        for clients in CLIENTS:
            samples = await _measured(screening, options, progress, cases, clients)
            for case in cases:
                bars = (SHARE, NOTHING) if case.counties == (NONE,) and clients == 1 else (SHARE,)
                yield _row(case, f"of {number:,}", clients, samples, bars)


async def _fill(screening: Service, number: int) -> None:
    await empty(screening)
    step, values = number // ROWS_OF_FEW, {"few": FEW, "many": MANY, "each": MANY_IS_EACH}
    await screening.sql(_FILL.format(number=number, step=step, **values))
    await screening.sql("VACUUM (ANALYZE) screenings", "CHECKPOINT")


def _lists() -> list[Case]:
    """Lists of all counties, of one county with many rows, few and none, and of several counties."""
    by_scope: dict[str, Sequence[str]] = {OPEN: ("*",), "list of a county with many": (MANY,)}
    by_scope |= {"list of a county with few": (FEW,), "list of a county with none": (NONE,)}
    by_scope |= {f"list of {len(SEVERAL)} counties": SEVERAL}
    return [
        Case(title, counties, [f"{ADDRESS}?limit={PAGE}"], _LIST.format(rows=_rows_of(counties)))
        for title, counties in by_scope.items()
    ]


def _rows_of(counties: Sequence[str]) -> str:
    """The newest rows. With several counties, the newest of each are merged, so that the index is used for each."""
    if counties == ("*",):
        return f"SELECT {_FIELDS} FROM screenings {_NEWEST}"
    of_one = "(SELECT * FROM screenings WHERE county_terc = '{county}' {newest})"
    selects = [of_one.format(county=county, newest=_NEWEST) for county in counties]
    return f"SELECT {_FIELDS} FROM ({' UNION ALL '.join(selects)}) AS newest {_NEWEST}"


async def _records(screening: Service, county: str) -> Case:
    """Single records of a county, different ones in turn."""
    of_county = f"SELECT id FROM screenings WHERE county_terc = '{county}'"
    rows = await screening.fetch(f"{of_county} ORDER BY md5(external_id) LIMIT {RECORDS}")
    ids = [str(row["id"]) for row in rows]
    title = f"record of a county with {'many' if county == MANY else 'few'}"
    statement = _RECORD.format(fields=_FIELDS, county=county, ids=",".join(ids))
    variables = f"\\set number random(1, {len(ids)})\n"
    return Case(title, (county,), [f"{ADDRESS}/{screening_id}" for screening_id in ids], statement, variables)


async def _check(screening: Service, case: Case) -> None:
    """ToolFailed unless both sides give the same rows with the same fields."""
    script = f"\\set number 1\nBEGIN;\n{case.scope}\n{case.statement}\nCOMMIT;\n"
    result = await screening.run_client("psql", "-X", "-q", "-A", "-t", stdin=script)
    headers = screening.stand.headers(ROLE, counties=case.counties)
    async with httpx.AsyncClient(base_url=screening.url, headers=headers, timeout=10) as client:
        answer = (await client.get(case.paths[0])).raise_for_status().json()
    limit = json.loads(result.output.partition("\n")[2])  # its first line is the scope
    sides = (content.get("items", [content]) for content in (answer, limit))
    ours, theirs = ([(row["id"], sorted(row)) for row in side] for side in sides)
    if ours != theirs:
        difference = f"{len(ours)} rows are told, its limit has {len(theirs)} or others"
        raise ToolFailed(f"{case.title}: {difference}")


async def _measured(
    screening: Service, options: Options, progress: Progress, cases: Sequence[Case], clients: int
) -> dict[str, list[Sample]]:
    """All cases and all limits in every round, so that cases can be compared as well."""
    for case in cases:
        await _ask(screening, case, clients, 1)
    sides = {case.title: partial(_ask, screening, case, clients, options.seconds) for case in cases}
    for case in cases:
        limit = partial(transact, screening, case.transaction, clients, options.seconds)
        sides[f"{LIMIT}: {case.title}"] = limit
    title = f"W5s: {clients} client{'s' * (clients > 1)}"
    return await interleaved(progress, title, options.rounds, sides)


async def _ask(screening: Service, case: Case, clients: int, seconds: float) -> Sample:
    """Our side, with a new token each time: all cases together take longer than one is valid."""
    headers = screening.stand.headers(ROLE, counties=case.counties)
    return await ask(screening, Load(screening.port, case.paths, headers, clients, seconds))


def _row(
    case: Case,
    amount: str,
    clients: int,
    samples: Mapping[str, Sequence[Sample]],
    bars: tuple[Bar, ...],
) -> Row:
    title = f"{case.title} {amount}, {clients} client{'s' * (clients > 1)}"
    sides = {"ours": samples[case.title], LIMIT: samples.get(f"{LIMIT}: {case.title}", ())}
    row = share_row("W5s", title, clients, sides, bars)
    ours, open_list = ([sample.seconds for sample in samples[name]] for name in (case.title, OPEN))
    note = f"{row.note}; {median(per(ours, open_list).samples):.2f} × the open list"
    return replace(row, note=note)
