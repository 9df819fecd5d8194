"""W4: 22,000 screenings from a file into a campaign, of which one in a hundred is faulty and is named by line.

Two instruments: a short one with two bands, and the one of sixty items with norms. Beside it psql copies the rows,
scored already, into a staging table and carries out the same merge and count. The same file again changes nothing.
"""

import csv
import json
import random
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.calls import calling
from bench.campaigns import COUNTIES, IMPLEMENTERS, SCREENED_ON, Campaign, open_campaign
from bench.figures import Bar, Row, beside_limit, figure, per
from bench.instruments import LONG, SHORT, Instrument
from bench.options import Options
from bench.progress import Progress
from bench.screenings import empty, fill
from bench.stand import SCREENING, Service, Stand
from bench.submissions import script
from bench.tools import ToolFailed
from bench.uploads import Others, Upload, cpu_of, memory_row, others_meanwhile, others_rows, upload

ADDRESS = "/screening-imports?source=bench&instrument_version=1"
SCREENINGS = "/v1/screening/screenings"
ROLE = "early_screening_coordinator"
NUMBER, ROWS_PER_FAULT, SCREENED_BEFORE = 22_000, 100, 20_000
MOST_ROUNDS = 3
BARS = (Bar("share", at_least=0.5), Bar("ours", at_most=4.0))
FACTS = ("external_id", "subject_ref", "born_on", "sex", "county_terc", "informant", "administered_on", "implementer")
FAULTS: tuple[Mapping[str, str], ...] = (
    {"subject_ref": "somebody"},
    {"sex": "x"},
    {"county_terc": "ABCD"},
    {"administered_on": "2199-01-01"},
    {"born_on": "1999-01-01"},
    {"implementer": "nobody"},
    {"ANSWER": "9"},
)
_STAGED = """
SET app.counties = '*';
\\copy (SELECT external_id, subject_ref, birth_month, age_months, sex, county_terc, institution_id, implementer, \
form_code, informant, administered_on, has_consent, state, answers, result, outcome, (SELECT json_object_agg(\
scale ->> 'code', scale ->> 'band') FROM jsonb_array_elements(result -> 'scales') AS scale) FROM screenings) \
TO '{file}' WITH (FORMAT csv)
"""
_COUNTS = """
SELECT (SELECT count(*) FROM screenings) AS screenings, (SELECT sum(subjects) FROM campaign_counts) AS counted,
       (SELECT count(*) FROM audit_records WHERE action = 'import_screenings' AND outcome = 'created') AS audit_records,
       (SELECT count(*) FROM events WHERE type = 'screening.screening.scored') AS events
"""


@dataclass(frozen=True)
class Case:
    """A file, the campaign that it is imported into, and the numbers of its faulty lines."""

    campaign: Campaign
    file: Path
    rows: int
    faulty: set[int]

    @property
    def path(self) -> str:
        return f"{ADDRESS}&campaign_id={self.campaign.id}&instrument_code={self.campaign.instrument.code}"

    @property
    def staged(self) -> Path:
        return self.file.with_suffix(".staged.csv")


async def measure_screening_imports(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W4."""
    with progress.task("W4: screening starts, instruments are published, campaigns opened, files made"):
        screening = await stand.start(SCREENING)
        campaigns = [await open_campaign(screening, instrument) for instrument in (SHORT, LONG)]
        cases = [_case(stand.folder, campaign, options.amount(NUMBER)) for campaign in campaigns]
    rounds, uploads = options.rounds.at_most(MOST_ROUNDS), list[list[Upload]]()
    for case in cases:
        new, again, limit = list[Upload](), list[Upload](), list[float]()
        title = f"{case.rows:,} screenings of {len(case.campaign.instrument.items)} items"
        with progress.task(f"W4: {title}", rounds.number) as advance:
            for number in range(rounds.number):
                async with rounds.turn(number):
                    await empty(screening)
                    new.append(await _import(screening, case, {"created": case.rows - len(case.faulty)}))
                    await _check_counts(screening, case)
                    again.append(await _import(screening, case, {"unchanged": case.rows - len(case.faulty)}))
                    if rounds.have_limit:
                        limit.append(await _merge(screening, case))
                advance()
        uploads += [new, again]
        for row in _rows(title, new, again, limit):
            yield row
    yield memory_row("W4", uploads)
    for what, find_path in (("a list", _list_path), ("one screening", _record_path)):
        with progress.task(f"W4: {what} meanwhile"):
            others = await rounds.of(partial(_others, screening, cases[-1], find_path))
        for row in others_rows("W4", what, others):
            yield row


def _case(folder: Path, campaign: Campaign, rows: int) -> Case:
    file, faulty = folder / f"{campaign.instrument.code}.csv", set[int]()
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, [*FACTS, *campaign.instrument.items])
        writer.writeheader()
        for line, row in enumerate(_generate(campaign.instrument, rows), start=2):
            if line % ROWS_PER_FAULT == 0:
                fault = FAULTS[line // ROWS_PER_FAULT % len(FAULTS)]
                row |= {campaign.instrument.items[0] if name == "ANSWER" else name: fault[name] for name in fault}
                faulty.add(line)
            writer.writerow(row)
    return Case(campaign, file, rows, faulty)


def _generate(instrument: Instrument, rows: int) -> Iterator[dict[str, str]]:
    chance = random.Random(4)  # noqa: S311 - the same rows in every run
    for number in range(rows):
        yield {
            "external_id": str(number),
            "subject_ref": str(uuid.UUID(int=chance.getrandbits(128))),
            "born_on": f"{2024 - chance.randint(4, 5)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "sex": chance.choice(["female", "male"]),
            "county_terc": chance.choice(COUNTIES),
            "informant": chance.choice(["parent", "teacher"]),
            "administered_on": SCREENED_ON,
            "implementer": chance.choice(IMPLEMENTERS),
            **instrument.answers(chance),
        }


async def _import(screening: Service, case: Case, expected: Mapping[str, int]) -> Upload:
    """Import a file; ToolFailed unless exactly the good rows are taken, and exactly the faulty lines named."""
    file_upload = await upload(screening, ROLE, case.path, case.file)
    expected = {"created": 0, "unchanged": 0, "changed": 0, "rejected": len(case.faulty), **expected}
    if any(file_upload.result[name] != number for name, number in expected.items()):
        raise ToolFailed(f"the import did not take what it should ({file_upload.result})")
    async with calling(screening, ROLE) as caller:
        problems = await caller.lines(f"/jobs/{file_upload.job['id']}/problems")
    lines = {json.loads(problem)["line"] for problem in problems}
    if lines != case.faulty:
        raise ToolFailed(f"the problems name {len(lines - case.faulty)} good lines and miss {len(case.faulty - lines)}")
    return file_upload


async def _merge(screening: Service, case: Case) -> float:
    """The seconds of the limit; its rows are those that the service has just stored."""
    if not case.staged.exists():
        await screening.run_client("psql", "-X", "-q", stdin=_STAGED.format(file=case.staged))
    await empty(screening)
    merge = script("screening_merge.sql").replace("-- moving.sql", script("moving.sql"))
    variables = ("-v", f"campaign={case.campaign.id}", "-v", f"instrument={case.campaign.instrument.code}")
    started = time.perf_counter()
    await screening.run_client(
        "psql", "-X", "-q", *variables, "-f", "-", stdin=merge.replace("rows.csv", str(case.staged))
    )
    seconds = time.perf_counter() - started
    await _check_counts(screening, case)
    return seconds


async def _check_counts(screening: Service, case: Case) -> None:
    """ToolFailed unless every good row is stored and counted once."""
    counts = dict((await screening.fetch(_COUNTS))[0])
    if {*counts.values()} != {case.rows - len(case.faulty)}:
        raise ToolFailed(f"of {case.rows} rows with {len(case.faulty)} faulty ones there are {counts}")


async def _others(screening: Service, case: Case, find_path: Callable[[Service], Awaitable[str]]) -> Others:
    """How long another request takes, in quiet and while a file is imported into a campaign with some screenings."""
    await fill(screening, case.campaign, SCREENED_BEFORE)
    work = partial(_import, screening, case, {"created": case.rows - len(case.faulty)})
    return await others_meanwhile(screening, await find_path(screening), ROLE, work)


async def _list_path(_: Service) -> str:
    """The newest of all counties: in the index, invisible rows of an unfinished import stand before them."""
    return f"{SCREENINGS}?limit=20"


async def _record_path(screening: Service) -> str:
    (row,) = await screening.fetch("SELECT id FROM screenings ORDER BY id LIMIT 1")
    return f"{SCREENINGS}/{row['id']}"


def _rows(title: str, new: list[Upload], again: list[Upload], limit: list[float]) -> list[Row]:
    first, second = ([run.seconds for run in side] for side in (new, again))
    note = "one in a hundred is faulty; exactly those lines are named under the job's problems"
    repeated = per(second, first)
    return [
        beside_limit(Row("W4", title, figure(first, "s"), cpu=cpu_of(new), bars=BARS, note=note), limit),
        Row("W4", f"{title}, the same again", figure(second, "s"), cpu=cpu_of(again)),
        Row(
            "W4", f"{title}, the same again against new", figure(repeated.samples, "×"), bars=(Bar("ours", at_most=1),)
        ),
    ]
