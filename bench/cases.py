"""W5c: the coordinator's list of cases, one page far down, and one plan whole: 1,000,000 people, 100,000 cases.

One county has a fifth of all cases. Every access is in the audit log before the answer, here and in pgbench's
transaction, which runs the same queries under the same row-level security.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

import httpx

from bench.figures import Bar, Row, figure, per
from bench.load import Load
from bench.operations import Transaction, ask, beside, milliseconds, share_row
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import CASEWORK, Service, Stand

CASES, PEOPLE_OF_A_CASE = 100_000, 10
FEW_CASES = 10_000
COUNTY, ROLE = "2469", "county_coordinator"
ADDRESS = f"/v1/casework/cases?county_terc={COUNTY}"
PAGE, DEEP_PAGE, OF_DEEP = 50, 10_000, 2
CLIENTS = (1, 8)
SHARE = Bar("share", at_least=0.5)
GROWTH, DEEP = Bar("ours", at_most=1.3), Bar("ours", at_most=1.2)
_PEOPLE = """
INSERT INTO people (county_terc, kind, sex, birth_month, sealed)
SELECT CASE WHEN n % 5 = 0 THEN '{county}'
            ELSE to_char(2 * (1 + n % 16), 'FM00') || to_char(1 + n / 16 % 24, 'FM00') END,
       'born', CASE WHEN n % 13 < 7 THEN 'female' ELSE 'male' END, DATE '2021-01-01', '\\x01'
FROM generate_series(1, {people}) AS n
"""
_CASES = """
INSERT INTO cases (county_terc, person_id, number, track, state, coordinator,
    first_contact_on, opened_on, sealed, changed_at)
SELECT county_terc, id, county_terc || '/2025/' || to_char(n, 'FM000000'), 'early', 'in_progress', 'bench',
       DATE '2025-01-02', DATE '2025-01-03', '\\x01', TIMESTAMPTZ '2025-01-03' + n * INTERVAL '1 second'
FROM (SELECT id, county_terc, row_number() OVER (ORDER BY id) AS n FROM people) AS person
WHERE n % {each} = 0
"""
_SUMMARY = (
    "id, version, number, county_terc, person_id, track, state, coordinator, institution_id,"
    " organiser_institution_id, referral_id, first_contact_on, first_support_on,"
    " opened_on, review_due_on, closed_on, closing_reason, changed_at"
)
_SCOPE = f"SELECT set_config('app.counties', '{COUNTY}', true), set_config('app.institution', '', true);"
_RECORD = """
INSERT INTO audit_records (actor, action, subject, outcome, county_terc, detail, trace_id)
VALUES ('bench', 'look', 'cases', 'done', '{county}', jsonb_build_object('people', (
    SELECT jsonb_agg(person_id) FROM ({rows}) AS seen), 'category', 'case'), repeat('0', 32));
"""
_NEWEST = "SELECT {fields} FROM cases WHERE county_terc = '{county}' ORDER BY changed_at DESC, id DESC LIMIT {page}"


async def measure_cases(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W5c, as they are measured."""
    with progress.task("W5c: casework starts"):
        casework = await stand.start(CASEWORK)
    first: dict[int, list[float]] = {}
    for full in (FEW_CASES, CASES):
        number = max(options.amount(full), 1_000)
        with progress.task(f"W5c: {number:,} cases of {number * PEOPLE_OF_A_CASE:,} people are filled"):
            await _fill(casework, number)
        for clients in CLIENTS:
            row, seconds = await _list(casework, options, progress, number, clients)
            yield row
            if clients == 1:
                first[number] = seconds
    # With tiny amounts both numbers of cases are equal, and there is nothing to compare.
    if len(first) < 2:
        return
    few, many = first.values()
    note = f"{median(few) * 1e3:.2f} ms, then {median(many) * 1e3:.2f} ms"
    yield Row(
        "W5c", "list of 100,000 cases against 10,000", figure(per(many, few).samples, "×"), bars=(GROWTH,), note=note
    )
    yield await _deep(casework, options, progress, max(options.amount(CASES), 1_000) // 5)
    yield await _plan(casework, options, progress)


async def _fill(casework: Service, cases: int) -> None:
    people = cases * PEOPLE_OF_A_CASE
    await casework.sql("TRUNCATE people CASCADE", "TRUNCATE audit_records")
    await casework.sql(_PEOPLE.format(county=COUNTY, people=people), _CASES.format(each=PEOPLE_OF_A_CASE))
    await casework.sql("VACUUM (ANALYZE) people", "VACUUM (ANALYZE) cases", "CHECKPOINT")


async def _list(
    casework: Service, options: Options, progress: Progress, number: int, clients: int
) -> tuple[Row, list[float]]:
    title = f"list of a county, {number:,} cases, {clients} client{'s' * (clients > 1)}"
    headers = casework.stand.headers(ROLE, counties=[COUNTY])
    load = Load(casework.port, [f"{ADDRESS}&limit={PAGE}"], headers, clients, options.seconds)
    rows = _NEWEST.format(fields=_SUMMARY, county=COUNTY, page=PAGE)
    select = f"SELECT json_build_object('items', coalesce(json_agg(item), '[]')) FROM ({rows}) AS item;"
    audit = _RECORD.format(
        county=COUNTY, rows=_NEWEST.format(fields="person_id, changed_at, id", county=COUNTY, page=PAGE)
    )
    samples = await beside(
        casework,
        options,
        progress,
        f"W5c: {title}",
        load,
        Transaction(f"BEGIN;\n{_SCOPE}\n{select}\n{audit}\nCOMMIT;\n"),
    )
    slowest = [sample.p95 * 1e3 for sample in samples["ours"]]
    row = share_row("W5c", title, clients, samples, (SHARE,))
    if clients == 1:
        row = replace(row, note=f"{row.note}; p95 bar 15 ms: {median(slowest):.1f} ms")
    return row, [sample.seconds for sample in samples["ours"]]


async def _deep(casework: Service, options: Options, progress: Progress, cases: int) -> Row:
    """The time of a page far down against the time of the first one."""
    page = min(DEEP_PAGE, cases // OF_DEEP - 1)
    with progress.task(f"W5c: the way to page {page:,}"):
        deep = await _path_of_page(casework, page)
    load = Load(casework.port, [], casework.stand.headers(ROLE, counties=[COUNTY]), 1, options.seconds)
    sides = {
        "first": partial(ask, casework, replace(load, paths=[f"{ADDRESS}&limit={OF_DEEP}"])),
        "deep": partial(ask, casework, replace(load, paths=[deep])),
    }
    samples = await interleaved(progress, f"W5c: page {page:,} beside page 1", options.rounds, sides)
    ratio = per(*([sample.seconds for sample in samples[name]] for name in ("deep", "first")))
    first, deeper = (milliseconds(samples[name]).median for name in ("first", "deep"))
    note = f"page 1 {first:.2f} ms, page {page:,} {deeper:.2f} ms, one client"
    title = f"page {page:,} against page 1, {OF_DEEP} a page"
    return Row("W5c", title, figure(ratio.samples, "×"), bars=(DEEP,), note=note)


async def _path_of_page(casework: Service, page: int) -> str:
    before, cursor = (page - 1) * OF_DEEP, ""
    sizes = [200] * (before // 200) + [OF_DEEP] * (before % 200 // OF_DEEP)
    headers = casework.stand.headers(ROLE, counties=[COUNTY])
    async with httpx.AsyncClient(base_url=casework.url, headers=headers, timeout=10) as client:
        for size in sizes:
            answer = (await client.get(f"{ADDRESS}&limit={size}{cursor}")).raise_for_status().json()
            cursor = f"&cursor={answer['next_cursor']}"
    return f"{ADDRESS}&limit={OF_DEEP}{cursor}"


_GOAL = {
    "subject": "family",
    "text": "Rodzice znają dwa sposoby zachęcania do mówienia",
    "indicator": "rozmowa co miesiąc",
    "levels": ["żadnego", "jeden", "dwa", "trzy", "uczą dziadków"],
}
_RECOMMENDATION = {"text": "Zajęcia raz w tygodniu", "sector": "education", "due_on": "2027-02-01"}
_STEP = {"text": "Pierwsze spotkanie", "sector": "education", "due_on": "2026-12-07"}
_OF_PLAN = ("plan_goals", "plan_recommendations", "plan_steps", "plan_reviews", "plan_approvals")


async def _plan(casework: Service, options: Options, progress: Progress) -> Row:
    """One plan with four goals, four recommendations and eight steps, beside the same selects and the same record."""
    headers = casework.stand.headers(ROLE, counties=[COUNTY])
    async with httpx.AsyncClient(base_url=f"{casework.url}/v1/casework", headers=headers, timeout=10) as client:

        async def make(path: str, body: dict[str, Any]) -> str:
            answer = (await client.post(path, json=body)).raise_for_status()
            return str(answer.json()["id"])

        child = {"county_terc": COUNTY, "given_name": "Zofia", "family_name": "Zmyślona", "born_on": "2023-02-28"}
        person = await make("/people", child)
        case_facts = {"person_id": person, "track": "early", "first_contact_on": "2026-01-02", "reason": "mowa"}
        case = await make("/cases", case_facts)
        plan = await make("/plans", {"case_id": case, "starts_on": "2026-12-01"})
        for _ in range(4):
            await make(f"/plans/{plan}/goals", _GOAL)
            await make(f"/plans/{plan}/recommendations", _RECOMMENDATION)
        for _ in range(8):
            await make(f"/plans/{plan}/steps", _STEP)
    selects = [f"SELECT * FROM plans WHERE id = '{plan}' AND county_terc = '{COUNTY}';"]
    selects += [f"SELECT * FROM person_keys WHERE person_id = '{person}';"]
    selects += [f"SELECT * FROM {table} WHERE plan_id = '{plan}';" for table in _OF_PLAN]
    audit = _RECORD.format(county=COUNTY, rows=f"SELECT person_id FROM plans WHERE id = '{plan}'")
    transaction = Transaction("\n".join(["BEGIN;", _SCOPE, *selects, audit, "COMMIT;\n"]))
    load = Load(casework.port, [f"/v1/casework/plans/{plan}"], headers, 1, options.seconds)
    samples = await beside(casework, options, progress, "W5c: one plan whole", load, transaction)
    return share_row("W5c", "one plan whole, 1 client", 1, samples, (SHARE,))
