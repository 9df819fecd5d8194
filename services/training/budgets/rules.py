"""The sums of a budget's parts, and whether its tasks can spend its years. Pure.

Sources of the figures that the tests reproduce: source 003 (the fiche of the project),
domain N9 to N13.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

CENT = Decimal("0.01")
WHOLE_SHARE = Decimal(100)
# The check visits every set of years: twelve years have 4,096 sets.
MOST_YEARS = 12
_QUARTER = re.compile(r"(?P<year>[0-9]{4})Q(?P<quarter>[1-4])")


class SourceKind(StrEnum):
    """The kind of source that money comes from."""

    EU = "eu"
    NATIONAL = "national"
    OWN = "own"


class FindingKind(StrEnum):
    """Kinds of findings of the calendar check."""

    YEAR_EXCEEDS_ACTIVE_TASKS = "year_exceeds_active_tasks"
    YEARS_EXCEED_ACTIVE_TASKS = "years_exceed_active_tasks"
    YEAR_TAKES_WHOLE_TASKS = "year_takes_whole_tasks"
    TASK_WITHOUT_YEAR = "task_without_year"


EXCEEDED = (
    FindingKind.YEAR_EXCEEDS_ACTIVE_TASKS,
    FindingKind.YEARS_EXCEED_ACTIVE_TASKS,
)


class Task(NamedTuple):
    """A task: its share of the budget in percent, and its first and last quarter."""

    number: int
    share: Decimal
    start_quarter: str
    end_quarter: str


class Year(NamedTuple):
    """What is planned for a year, in PLN."""

    year: int
    amount: Decimal


class Finding(NamedTuple):
    """A contradiction in a calendar, or a consequence of it, with the sums."""

    kind: FindingKind
    years: tuple[int, ...]
    tasks: tuple[int, ...]
    planned: Decimal
    """PLN for these years."""
    feasible: Decimal
    """PLN that the tasks which run in them can take in all their time."""


def year_of(quarter: str) -> int:
    """The year of a quarter such as `2023Q2`."""
    return int(quarter[:4])


def is_quarter(text: str) -> bool:
    """Whether a text is a quarter such as `2023Q2`."""
    return _QUARTER.fullmatch(text) is not None


def share_of(part: Decimal, whole: Decimal) -> Decimal:
    """A part in percent of the whole, to two places, half up; 0 of nothing."""
    if not whole:
        return Decimal("0.00")
    return (part * 100 / whole).quantize(CENT, ROUND_HALF_UP)


def amounts(tasks: Sequence[Task], total: Decimal) -> dict[int, Decimal]:
    """The amount of each task in PLN, by number; together exactly the total.

    Cents that rounding leaves go to the tasks whose rounded share lost most.
    """
    exact = {task.number: total * task.share / 100 for task in tasks}
    # Rounded down first: a task never gets more than a cent above its exact share.
    floored = {number: value // CENT * CENT for number, value in exact.items()}
    # Rounded, since shares such as thirds carry an error far below a cent.
    cents_left = int(((total - sum(floored.values())) / CENT).to_integral_value())
    # By number where two lost the same: every read computes the same amounts.
    lost = sorted(exact, key=lambda number: (floored[number] - exact[number], number))
    return {
        number: value + (CENT if number in lost[:cents_left] else 0)
        for number, value in floored.items()
    }


def runs_in(task: Task, year: int) -> bool:
    """Whether a task runs in at least one quarter of the year."""
    # One quarter is enough: amounts are planned by the year, not by the quarter.
    return year_of(task.start_quarter) <= year <= year_of(task.end_quarter)


def contradictions(
    years: Sequence[Year], tasks: Sequence[Task], sources: Iterable[Decimal]
) -> list[tuple[str, str]]:
    """Fields whose parts do not sum, each with its code; empty when all do."""
    total = sum((year.amount for year in years), Decimal(0))
    errors = []
    if len({year.year for year in years}) != len(years):
        errors.append(("years", "repeated"))
    # Compared exactly: decimals have no error of binary fractions.
    if sum((task.share for task in tasks), Decimal(0)) != WHOLE_SHARE:
        errors.append(("tasks", "wrong_sum"))
    if sum(sources, Decimal(0)) != total:
        errors.append(("sources", "wrong_sum"))
    # Quarters compare as texts, since the year comes first.
    if any(task.start_quarter > task.end_quarter for task in tasks):
        errors.append(("tasks", "wrong_order"))
    return errors


def check(years: Sequence[Year], tasks: Sequence[Task]) -> list[Finding]:
    """Every contradiction between what is planned for years and when tasks run.

    Money of a year is spent by tasks that run in it, each within its own amount. All
    years can be spent if and only if no set of years plans more than the tasks that
    run in any of them have (Hall's marriage condition, for amounts). Single years come
    first; a larger set is a finding only where no subset of it exceeds its tasks.
    """
    total = sum((year.amount for year in years), Decimal(0))
    of_task = amounts(tasks, total)
    findings: list[Finding] = []
    for size in range(1, len(years) + 1):
        # Small sets first, so that a subset is found before the sets that contain it.
        for year_set in combinations(sorted(years), size):
            finding = _finding(year_set, tasks, of_task)
            if finding and not any(
                earlier.kind in EXCEEDED and {*earlier.years} <= {*finding.years}
                for earlier in findings
            ):
                findings.append(finding)
    return findings + _without_year(years, tasks, of_task)


def _finding(
    year_set: Sequence[Year], tasks: Sequence[Task], of_task: dict[int, Decimal]
) -> Finding | None:
    running = [
        task for task in tasks if any(runs_in(task, year.year) for year in year_set)
    ]
    planned = sum((year.amount for year in year_set), Decimal(0))
    feasible = sum((of_task[task.number] for task in running), Decimal(0))
    numbers = tuple(task.number for task in running)
    years = tuple(year.year for year in year_set)
    if planned > feasible:
        kind = (
            FindingKind.YEAR_EXCEEDS_ACTIVE_TASKS
            if len(year_set) == 1
            else FindingKind.YEARS_EXCEED_ACTIVE_TASKS
        )
        return Finding(kind, years, numbers, planned, feasible)
    # A year that takes all of its tasks' money leaves nothing for earlier years.
    earlier = [task for task in running if year_of(task.start_quarter) < years[0]]
    if len(year_set) == 1 and planned == feasible and earlier:
        return Finding(
            FindingKind.YEAR_TAKES_WHOLE_TASKS, years, numbers, planned, feasible
        )
    return None


def _without_year(
    years: Sequence[Year], tasks: Sequence[Task], of_task: dict[int, Decimal]
) -> list[Finding]:
    """A finding for each task that runs in no year of the budget."""
    return [
        Finding(
            FindingKind.TASK_WITHOUT_YEAR,
            (),
            (task.number,),
            Decimal("0.00"),
            of_task[task.number],
        )
        for task in tasks
        if not any(runs_in(task, year.year) for year in years)
    ]


def most_spendable(years: Sequence[Year], tasks: Sequence[Task]) -> Decimal:
    """How much of the budget can be spent as planned, in PLN.

    The planned total less the largest shortfall of any set of years.
    """
    total = sum((year.amount for year in years), Decimal(0))
    of_task = amounts(tasks, total)
    # The empty set lacks nothing: for a feasible calendar the maximum is 0.
    lacks = [Decimal(0)]
    for size in range(1, len(years) + 1):
        for year_set in combinations(years, size):
            planned = sum((year.amount for year in year_set), Decimal(0))
            running = {
                task.number
                for task in tasks
                if any(runs_in(task, year.year) for year in year_set)
            }
            feasible = sum((of_task[number] for number in running), Decimal(0))
            lacks.append(planned - feasible)
    return total - max(lacks)
