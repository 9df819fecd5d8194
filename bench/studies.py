"""W13: a validation study of 22,000 screenings of sixty items, from the request to run it until it is ready.

Beside it the same figures by NumPy, SciPy, statsmodels and pingouin, in a process of its own that reads a file. The
figures must be the same. A probe asks the service all the time meanwhile, and measures how late it answers others.
"""

import asyncio
import csv
import json
import math
import random
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from bench.calls import calling
from bench.campaigns import COUNTIES, SCREENED_ON
from bench.client import probing
from bench.figures import Bar, Row, figure, per
from bench.instruments import AGE_BELOW, AGE_FROM, HIGHEST, LONG, publish
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import SCREENING, Service, Stand
from bench.tools import ToolFailed, run_tool
from bench.uploads import SECONDS_OF_QUIET, upload
from onebox.stack import REPOSITORY

NUMBER, MOST_ROUNDS = 22_000, 3
SCREENED_YEAR, SCREENED_MONTH = map(int, SCREENED_ON.split("-")[:2])
IMPORTS = f"/screening-imports?source=bench&instrument_version=1&instrument_code={LONG.code}"
PROBE_PAUSE = 0.005
ILL_FROM, SPREAD = 85, 15
CLOSE, NEARLY = 1e-6, 1e-4
BARS = (Bar("share", at_least=round(1 / 1.3, 2)), Bar("ours", at_most=5))
BLOCKED = Bar("ours", at_most=20)
STUDY = {
    "name": "bench",
    "instrument_code": LONG.code,
    "instrument_version": 1,
    "form_code": "F",
    "scale_code": "total",
    "criterion_source": "uploaded",
    "dif_by": ["sex", "age"],
}


@dataclass(frozen=True)
class Sample:
    """One run: its seconds, those of the slowest answer to others meanwhile, and the figures of the libraries."""

    seconds: float
    slowest: float = 0.0
    figures: Mapping[str, Any] = field(default_factory=dict)


async def measure_studies(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W13."""
    number = options.amount(NUMBER)
    with progress.task(f"W13: screening starts, {number:,} screenings are imported, a study is planned"):
        screening = await stand.start(SCREENING)
        rows = _make_rows(stand.folder / "rows.csv", number)
        study = await _plan(screening, rows)
    sides = {"ours": partial(_run, screening, study), "limit": partial(_alone, rows)}
    samples = await interleaved(progress, "W13: runs of the study", options.rounds.at_most(MOST_ROUNDS), sides)
    with progress.task("W13: figures are compared, others are asked in quiet"):
        compared = await _compare(screening, study, samples["limit"][0].figures)
        async with probing(screening.port, "/livez", {}, PROBE_PAUSE) as quiet:
            await asyncio.sleep(SECONDS_OF_QUIET)
    ours, limit = ([sample.seconds for sample in samples[name]] for name in ("ours", "limit"))
    inside = median(sample.figures["seconds"] for sample in samples["limit"])
    note = f"{compared} figures are the same; the libraries compute for {inside:.2f} s once they are loaded"
    title = f"study of {number:,} × {len(LONG.items)}"
    yield Row("W13", title, figure(ours, "s"), figure(limit, "s"), per(limit, ours), bars=BARS, note=note)
    blocked = [(sample.slowest - median(quiet)) * 1000 for sample in samples["ours"]]
    note = f"slowest answer of /livez above the usual {median(quiet) * 1e3:.1f} ms; in quiet {max(quiet) * 1e3:.1f} ms"
    yield Row("W13", "event loop blocked, at most", figure(blocked, "ms"), bars=(BLOCKED,), note=note)


def _make_rows(file: Path, number: int) -> Path:
    """Children with the outcome of an independent criterion. Of four girls in ten, the answer to the fifth item is
    replaced by the highest one, so that the item works differently for girls.
    """
    chance = random.Random(13)  # noqa: S311 - the same rows in every run
    header = ["external_id", "subject_ref", "birth_month", "age_months", "sex", "county_terc", "informant"]
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, [*header, "administered_on", *LONG.items, "criterion"])
        writer.writeheader()
        for row in range(number):
            sex, age = chance.choice(["female", "male"]), chance.randrange(AGE_FROM, AGE_BELOW)
            answers = LONG.answers(chance)
            if sex == "female" and chance.random() < 0.4:
                answers[LONG.items[4]] = str(HIGHEST)
            points = sum(map(int, answers.values())) + chance.gauss(0, SPREAD)
            months = SCREENED_YEAR * 12 + SCREENED_MONTH - 1 - age
            facts = (row, uuid.UUID(int=chance.getrandbits(128)), f"{months // 12}-{months % 12 + 1:02}", age, sex)
            fields = dict(zip(header, (*facts, chance.choice(COUNTIES), "parent"), strict=True))
            outcome = "positive" if points >= ILL_FROM else "negative"
            writer.writerow(fields | answers | {"administered_on": SCREENED_ON, "criterion": outcome})
    return file


async def _plan(screening: Service, rows: Path) -> str:
    """Import the rows, plan a study of them and import their criterion; returns the study's id."""
    async with calling(screening, "programme_manager") as caller:
        await publish(caller, LONG)
    screenings = await upload(screening, "early_screening_coordinator", IMPORTS, rows)
    criteria = rows.with_name("criteria.csv")
    with rows.open(newline="", encoding="utf-8") as source, criteria.open("w", newline="", encoding="utf-8") as lines:
        pairs = [(row["subject_ref"], row["criterion"]) for row in csv.DictReader(source)]
        csv.writer(lines).writerows([("subject_ref", "outcome"), *pairs])
    async with calling(screening, "researcher") as caller:
        study = await caller.post("/studies", STUDY)
    outcomes = await upload(screening, "researcher", f"/studies/{study['id']}/criterion-imports", criteria)
    if {screenings.result["created"], outcomes.result["created"]} != {len(pairs)}:
        raise ToolFailed(f"the rows of the study were not taken ({screenings.result}, {outcomes.result})")
    return str(study["id"])


async def _run(screening: Service, study: str) -> Sample:
    """Our side: run the study, with a probe asking meanwhile."""
    async with calling(screening, "researcher") as caller:
        record = await caller.get(f"/studies/{study}")
        async with probing(screening.port, "/livez", {}, PROBE_PAUSE) as durations:
            started = time.perf_counter()
            job = await caller.run(f"/studies/{study}/run", record)
            seconds = time.perf_counter() - started
    refused = {*job["result"]["refused"]} - {"agreement"}
    if refused:
        raise ToolFailed(f"the study refused {', '.join(sorted(refused))}")
    return Sample(seconds, max(durations))


async def _alone(rows: Path) -> Sample:
    """The limit: the libraries on the file, from the start of their process to its end."""
    environment = {"PYTHONPATH": str(REPOSITORY), "OPENBLAS_NUM_THREADS": "1"}
    started = time.perf_counter()
    result = await run_tool([sys.executable, "-m", "bench.psychometrics", rows], environment=environment)
    seconds = time.perf_counter() - started
    return Sample(seconds, figures=json.loads(result.output.splitlines()[-1]))


async def _compare(screening: Service, study: str, alone: Mapping[str, Any]) -> int:
    """Compare all figures and return how many there are; ToolFailed when one differs."""
    async with calling(screening, "researcher") as caller:
        sections = ("reliability", "items", "criterion", "dif")
        answers = {name: await caller.get(f"/studies/{study}/{name}") for name in sections}
    pairs = [*_pairs(answers, alone)]
    wrong = [name for name, ours, theirs in pairs if not _is_close(name, ours, theirs)]
    if wrong:
        raise ToolFailed(f"{len(wrong)} of {len(pairs)} figures are others than the libraries': {wrong[:5]}")
    return len(pairs)


def _is_close(name: str, ours: float, theirs: float) -> bool:
    """Whether two figures are the same. Omega comes from an iterative fit, so its tolerance is wider."""
    tolerance = NEARLY if name == "omega" else CLOSE
    return math.isclose(ours, theirs, rel_tol=tolerance, abs_tol=tolerance)


def _pairs(answers: Mapping[str, Any], alone: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    """Each figure by its name, ours and the libraries'."""
    whole, table, theirs = answers["reliability"], answers["criterion"]["naive"], alone["criterion"]
    yield "n", whole["n"], alone["n"]
    yield "alpha", whole["alpha"]["value"], alone["reliability"]["alpha"]
    yield "omega", whole["omega"]["value"], alone["reliability"]["omega"]
    yield "area", answers["criterion"]["roc"]["auc"]["value"], theirs["area"]
    for name in ("sensitivity", "specificity"):
        yield name, table[name]["value"], theirs[name]
    for name in ("low", "high"):
        yield f"sensitivity {name}", table["sensitivity"][name], theirs[name]
    for place, item in enumerate(answers["items"]["items"]):
        for name, column in alone["items"].items():
            yield f"{name} {item['item']}", item[name], column[place]
    for by, columns in alone["dif"].items():
        for place, item in enumerate(answers["dif"]["groupings"][by]["items"]):
            ours = {"mantel": item["mantel"]["chi_square"]}
            ours |= {name: item["logistic"][f"{name}_chi_square"] for name in ("uniform", "nonuniform")}
            for name, column in columns.items():
                yield f"{name} by {by} {item['item']}", ours[name], column[place]
