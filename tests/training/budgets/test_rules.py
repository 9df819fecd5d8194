"""What sums and calendars allow, beside a linear programme that decides the same."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from services.training.budgets.rules import Task, Year, amounts, check, most_spendable, runs_in, share_of

YEARS = st.lists(st.integers(2023, 2027), min_size=1, max_size=4, unique=True)
PARTS = st.lists(st.integers(1, 9), min_size=1, max_size=4)


@st.composite
def budgets(draw: st.DrawFn) -> tuple[list[Year], list[Task]]:
    """Years and tasks with shares that sum to 100."""
    years = [Year(year, Decimal(draw(st.integers(1, 500)) * 100)) for year in draw(YEARS)]
    parts = draw(PARTS)
    shares = [Decimal(part * 100) / sum(parts) for part in parts]
    spans = [sorted(draw(st.tuples(st.integers(2023, 2027), st.integers(2023, 2027)))) for _ in parts]
    tasks = [
        Task(number, share, f"{first}Q1", f"{last}Q4")
        for number, (share, (first, last)) in enumerate(zip(shares, spans, strict=True), 1)
    ]
    return years, tasks


@given(budgets())
def test_what_can_be_spent_is_the_largest_flow(budget: tuple[list[Year], list[Task]]) -> None:
    """Beside scipy's linear programme: money flows from tasks to the years in which they run."""
    years, tasks = budget
    total = sum(year.amount for year in years)
    of_task = amounts(tasks, Decimal(total))
    pairs = [(t, y) for t in range(len(tasks)) for y in range(len(years)) if runs_in(tasks[t], years[y].year)]
    limits = [float(of_task[task.number]) for task in tasks] + [float(year.amount) for year in years]
    rows = np.zeros((len(limits), max(len(pairs), 1)))
    for column, (task, year) in enumerate(pairs):
        rows[task, column] = rows[len(tasks) + year, column] = 1
    flow = linprog(-np.ones(rows.shape[1]), A_ub=rows, b_ub=limits) if pairs else None
    largest = -flow.fun if flow else 0.0
    assert float(most_spendable(years, tasks)) == pytest.approx(largest, abs=0.011)


@given(budgets())
def test_amounts_of_tasks_sum_to_the_total_to_the_cent(budget: tuple[list[Year], list[Task]]) -> None:
    years, tasks = budget
    total = sum((year.amount for year in years), Decimal(0))
    given_out = amounts(tasks, total)
    assert sum(given_out.values()) == total
    assert all(abs(given_out[task.number] - total * task.share / 100) <= Decimal("0.01") for task in tasks)


def test_a_smaller_set_of_years_is_told_instead_of_one_that_holds_it() -> None:
    years = [Year(2023, Decimal(100)), Year(2024, Decimal(100)), Year(2025, Decimal(200))]
    tasks = [Task(1, Decimal(25), "2023Q1", "2024Q4"), Task(2, Decimal(75), "2025Q1", "2025Q4")]
    [found] = [one for one in check(years, tasks) if one.kind.endswith("exceed_active_tasks")]
    assert (found.years, found.planned, found.feasible) == ((2023, 2024), Decimal(200), Decimal(100))


def test_a_share_is_rounded_half_up() -> None:
    assert share_of(Decimal("1.005"), Decimal(100)) == Decimal("1.01")
    assert share_of(Decimal(1), Decimal(0)) == 0
