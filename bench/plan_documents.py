"""W9: a support plan as a PDF beside typst alone on source that is ready, and 500 of them in a batch."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import count

from bench.accounting import Memory, cpu_seconds, watched_memory
from bench.figures import Bar, Row, beside_limit, figure
from bench.options import Options
from bench.progress import Progress
from bench.rounds import interleaved
from bench.stand import Stand
from services.casework.paper.typesetting import compiled
from services.casework.plan_documents import drawing, typesetting
from services.casework.plan_documents.rules import documents

ONE_BY_ONE, BATCH = 20, 500
NOT_SLOWER = Bar("share", at_least=1 / 1.25)
BATCH_TIME = Bar("ours", at_most=60)
BATCH_MEMORY = Bar("ours", at_most=300)
FIRST_DAY = date(2026, 9, 7)
Plans = list[documents.PlanDocument]
Drawings = list[Callable[[], Awaitable[bytes]]]


GOAL = documents.Goal(
    documents.GoalSubject.CHILD,
    "Zosia prosi słowami o to, czego chce",
    "Zapisujemy przez tydzień, ile razy prosi słowem w domu i w przedszkolu.",
    "Pokazuje palcem albo płacze. Mówi 5 słów.",
    "Prosi słowem co najmniej 10 razy dziennie.",
    tuple(documents.Attainment(FIRST_DAY + timedelta(weeks=4 * turn), turn - 2) for turn in range(4)),
)
RECOMMENDATION = documents.Recommendation(
    "Zajęcia wczesnego wspomagania z logopedą",
    documents.PlanSector.EDUCATION,
    "Poradnia Psychologiczno-Pedagogiczna w Lipowie",
    documents.RecommendationState.IN_PROGRESS,
    FIRST_DAY + timedelta(days=300),
)
STEP = documents.Step(
    "Zajęcia z logopedką", FIRST_DAY, "Anna Brzoza", "55 501 44 55", "Poradnia, ul. Lipowa 3, pokój 12"
)


def plan(number: int) -> documents.PlanDocument:
    """A plan of usual size: two goals with charts, recommendations, steps, a team, a QR code."""
    goal = replace(GOAL, text=f"{GOAL.text} {number}")
    steps = [
        replace(STEP, text=f"{STEP.text} {number}", on=FIRST_DAY + timedelta(weeks=week)) for week in range(12, 17)
    ]
    return documents.PlanDocument(
        child_first_name=f"Zosia {number}",
        child_initials="Z.K.",
        county="powiat lipowski",
        number=f"PW/{number}/2026",
        version=1,
        state=documents.PlanState.ACTIVE,
        as_of=FIRST_DAY + timedelta(days=84),
        coordinator=documents.Coordinator("Barbara Lipska", "koordynatorka", "PCKZ w Lipowie", "55 501 20 30"),
        team=(documents.TeamMember("Anna Brzoza", "logopedka", documents.PlanSector.EDUCATION),) * 5,
        goals=(goal, replace(goal, subject=documents.GoalSubject.FAMILY)),
        recommendations=(replace(RECOMMENDATION, text=f"{RECOMMENDATION.text} {number}"),) * 5,
        steps=tuple(steps),
        reviews=(documents.Review(FIRST_DAY + timedelta(days=180)),),
        approvals=(documents.Approval("Magdalena K.", "mama", FIRST_DAY),),
        link=f"https://lipowo.example/plany/{number}",
    )


async def measure_plan_documents(_: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W9, as they are measured. Every plan differs, because typst caches what it has laid out."""
    numbers = count()
    try:
        sides = {"ours": partial(_seconds_each, _ours, numbers), "limit": partial(_seconds_each, _typst, numbers)}
        samples = await interleaved(progress, "W9: a plan, and typst alone", options.rounds, sides)
        ours = figure([seconds * 1000 for seconds in samples["ours"]], "ms")
        yield beside_limit(Row("W9", "a plan with two charts", ours, bars=(NOT_SLOWER,)), samples.get("limit", []))
        size = options.amount(BATCH)
        with progress.task(f"W9: {size} plans in a batch"):
            seconds, cpu, memory = await _batch([plan(next(numbers)) for _ in range(size)])
    finally:
        await drawing.stop_drawing()
    cpu_each = figure([cpu / size * 1e6], "µs")
    yield Row("W9", f"{size} plans in a batch", figure([seconds], "s"), cpu=cpu_each, bars=(BATCH_TIME,))
    highest = figure([memory.highest_of_children], "MB")
    yield Row("W9", "memory of what draws the batch", highest, bars=(BATCH_MEMORY,))


async def _seconds_each(prepare: Callable[[Plans], Drawings], numbers: "count[int]") -> float:
    """The mean seconds of drawing one plan, one after the other; the preparation does not count."""
    first, *others = prepare([plan(next(numbers)) for _ in range(ONE_BY_ONE + 1)])
    await first()
    started = time.perf_counter()
    for draw in others:
        await draw()
    return (time.perf_counter() - started) / len(others)


def _ours(plans: Plans) -> Drawings:
    return [partial(drawing.draw_plan, document, "pl") for document in plans]


def _typst(plans: Plans) -> Drawings:
    sources = [typesetting.source_of(document, "pl") for document in plans]
    return [partial(asyncio.to_thread, compiled, typesetting.TEMPLATE, source) for source in sources]


async def _batch(plans: Plans) -> tuple[float, float, Memory]:
    """The seconds, the processor seconds and the memory of the whole batch."""
    async with watched_memory(os.getpid()) as memory:
        cpu, started = cpu_seconds(os.getpid()), time.perf_counter()
        await asyncio.gather(*(drawing.draw_plan(document, "pl") for document in plans))
        return time.perf_counter() - started, cpu_seconds(os.getpid()) - cpu, memory
