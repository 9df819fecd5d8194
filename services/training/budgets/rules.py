"""What the parts of a budget sum to, and whether its calendar can hold. Pure.

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
# Every set of years is looked at: of twelve there are four thousand.
MOST_YEARS = 12
_QUARTER = re.compile(r"(?P<year>[0-9]{4})Q(?P<quarter>[1-4])")


class SourceKind(StrEnum):
    """Whose money it is."""

    EU = "eu"
    NATIONAL = "national"
    OWN = "own"


class FindingKind(StrEnum):
    """What a check of the calendar can find."""

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
    """What is wrong with a calendar, or follows from it, with the sums that show it."""

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
    """What each task may spend, in PLN; together exactly the total.

    Cents that rounding leaves go to the tasks whose rounded share lost most.
    """
    exact = {task.number: total * task.share / 100 for task in tasks}
    # Down first: a task never gets more than a cent above its exact share.
    floored = {number: value // CENT * CENT for number, value in exact.items()}
    # Shares of thirds carry an error far below a cent.
    left = int(((total - sum(floored.values())) / CENT).to_integral_value())
    # By number where two lost the same, so that amounts never change between reads.
    lost = sorted(exact, key=lambda number: (floored[number] - exact[number], number))
    return {
        number: value + (CENT if number in lost[:left] else 0)
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
    found = []
    if len({year.year for year in years}) != len(years):
        found.append(("years", "repeated"))
    # Exactly: these are decimals, which carry no error of binary fractions.
    if sum((task.share for task in tasks), Decimal(0)) != WHOLE_SHARE:
        found.append(("tasks", "wrong_sum"))
    if sum(sources, Decimal(0)) != total:
        found.append(("sources", "wrong_sum"))
    # Quarters sort as texts do: the year comes first.
    if any(task.start_quarter > task.end_quarter for task in tasks):
        found.append(("tasks", "wrong_order"))
    return found


def check(years: Sequence[Year], tasks: Sequence[Task]) -> list[Finding]:
    """Every contradiction between what is planned for years and when tasks run.

    Money of a year is spent by tasks that run in it, each within its own amount. Years
    can be paid if and only if every set of them asks for no more than the tasks that
    run in any of them have (the marriage condition of Hall, for amounts). Single years
    are told first; a larger set only where no smaller one within it is told already.
    """
    total = sum((year.amount for year in years), Decimal(0))
    of_task = amounts(tasks, total)
    found: list[Finding] = []
    for size in range(1, len(years) + 1):
        # From the smallest set on, so that it is found before those that hold it.
        for chosen in combinations(sorted(years), size):
            finding = _finding(chosen, tasks, of_task)
            if finding and not any(
                old.kind in EXCEEDED and {*old.years} <= {*finding.years}
                for old in found
            ):
                found.append(finding)
    return found + _without_year(years, tasks, of_task)


def _finding(
    chosen: Sequence[Year], tasks: Sequence[Task], of_task: dict[int, Decimal]
) -> Finding | None:
    running = [
        task for task in tasks if any(runs_in(task, year.year) for year in chosen)
    ]
    planned = sum((year.amount for year in chosen), Decimal(0))
    feasible = sum((of_task[task.number] for task in running), Decimal(0))
    numbers = tuple(task.number for task in running)
    years = tuple(year.year for year in chosen)
    if planned > feasible:
        kind = (
            FindingKind.YEAR_EXCEEDS_ACTIVE_TASKS
            if len(chosen) == 1
            else FindingKind.YEARS_EXCEED_ACTIVE_TASKS
        )
        return Finding(kind, years, numbers, planned, feasible)
    # A year that takes all that its tasks have leaves them nothing for other years.
    earlier = [task for task in running if year_of(task.start_quarter) < years[0]]
    if len(chosen) == 1 and planned == feasible and earlier:
        return Finding(
            FindingKind.YEAR_TAKES_WHOLE_TASKS, years, numbers, planned, feasible
        )
    return None


def _without_year(
    years: Sequence[Year], tasks: Sequence[Task], of_task: dict[int, Decimal]
) -> list[Finding]:
    """Tasks that run in no year of the budget: nobody pays for them."""
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

    The planned total less what the set of years lacks whose tasks have least for it.
    """
    total = sum((year.amount for year in years), Decimal(0))
    of_task = amounts(tasks, total)
    # The empty set lacks nothing: a calendar that holds loses nothing below.
    lacks = [Decimal(0)]
    for size in range(1, len(years) + 1):
        for chosen in combinations(years, size):
            planned = sum((year.amount for year in chosen), Decimal(0))
            running = {
                task.number
                for task in tasks
                if any(runs_in(task, year.year) for year in chosen)
            }
            feasible = sum((of_task[number] for number in running), Decimal(0))
            lacks.append(planned - feasible)
    return total - max(lacks)
