"""Every query of budgets, and the figures computed from them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.training.budgets import rules
from services.training.budgets.models import (
    Budget,
    BudgetSource,
    BudgetTask,
    BudgetYear,
)
from services.training.budgets.rules import Finding, FindingKind
from services.training.budgets.schemas import (
    BudgetCheckRead,
    BudgetEntry,
    BudgetList,
    BudgetRead,
    FindingRead,
    SourceRead,
    TaskRead,
    Text,
    YearRead,
)
from services.training.problems import BudgetNotFound
from services.training.programmes.models import Programme

BUDGETS, _PROGRAMMES = rows_of(Budget), rows_of(Programme)
_YEARS, _TASKS = rows_of(BudgetYear), rows_of(BudgetTask)
_SOURCES = rows_of(BudgetSource)
_WIRE = {
    name: _PROGRAMMES.c.code if name == "programme" else BUDGETS.c[name]
    for name in BudgetEntry.model_fields
}
_LISTING = Listing(
    _WIRE,
    {"programme": _PROGRAMMES.c.code, "changed_at": BUDGETS.c.changed_at},
    "programme",
    BUDGETS.c.id,
)
_OF_PROGRAMME = BUDGETS.join(_PROGRAMMES, _PROGRAMMES.c.id == BUDGETS.c.programme_id)


class Parts(NamedTuple):
    """The parts of a budget as the rules take them, with their total in PLN."""

    years: list[rules.Year]
    tasks: list[rules.Task]
    total: Decimal


async def list_budgets(
    reading: Reading, terms: ListTerms, query: BudgetList
) -> ItemPage:
    """A page of budgets."""
    budgets: Rows = select(BUDGETS).select_from(_OF_PROGRAMME)
    if query.programme:
        budgets = budgets.where(_PROGRAMMES.c.code.in_(query.programme))
    return await page_of(reading, terms, query, Listed(_LISTING, budgets))


async def lock_budget(change: Change, budget_id: UUID) -> Budget:
    """A budget, locked until the transaction ends."""
    statement = select(BUDGETS).where(BUDGETS.c.id == budget_id).with_for_update()
    return await change.instance(Budget, statement, BudgetNotFound)


async def _rows(
    reading: Reading, table: Any, budget_id: UUID, order: str
) -> Sequence[Any]:
    statement = select(table).where(table.c.budget_id == budget_id)
    return await reading.rows(statement.order_by(table.c[order]))


def _parts(years: Sequence[Any], tasks: Sequence[Any]) -> Parts:
    year_parts = [rules.Year(row.year, row.amount) for row in years]
    # Summed and not stored: a stored total could contradict its parts.
    total = sum((year.amount for year in year_parts), Decimal(0))
    task_parts = [
        rules.Task(row.number, row.share, row.start_quarter, row.end_quarter)
        for row in tasks
    ]
    return Parts(year_parts, task_parts, total)


async def get_budget(reading: Reading, budget_id: UUID) -> Stored:
    """One budget with its parts and sums."""
    statement = select(*(column.label(name) for name, column in _WIRE.items()))
    statement = statement.select_from(_OF_PROGRAMME).where(BUDGETS.c.id == budget_id)
    entry = await reading.one(statement, BudgetNotFound)
    years = await _rows(reading, _YEARS, budget_id, "year")
    tasks = await _rows(reading, _TASKS, budget_id, "number")
    sources = await _rows(reading, _SOURCES, budget_id, "kind")
    parts = _parts(years, tasks)
    # For all tasks together: which of them gets a left-over cent depends on the others.
    amounts = rules.amounts(parts.tasks, parts.total)
    body = BudgetRead(
        **entry._mapping,
        total=parts.total,
        years=[
            YearRead(
                year=year.year,
                amount=year.amount,
                share=rules.share_of(year.amount, parts.total),
            )
            for year in parts.years
        ],
        tasks=[TaskRead(**row._mapping, amount=amounts[row.number]) for row in tasks],
        sources=[
            SourceRead(
                kind=row.kind,
                amount=row.amount,
                share=rules.share_of(row.amount, parts.total),
            )
            for row in sources
        ],
    )
    return Stored(body.id, body.version, body.model_dump_json())


async def get_check(reading: Reading, budget_id: UUID) -> BudgetCheckRead:
    """Whether the years of a budget can be spent by the tasks that run in them."""
    statement = select(BUDGETS.c.id).where(BUDGETS.c.id == budget_id)
    # Without this, an unknown budget would pass the check, as it has no years.
    await reading.one(statement, BudgetNotFound)
    years = await _rows(reading, _YEARS, budget_id, "year")
    tasks = await _rows(reading, _TASKS, budget_id, "number")
    parts = _parts(years, tasks)
    findings = rules.check(parts.years, parts.tasks)
    spendable = rules.most_spendable(parts.years, parts.tasks)
    return BudgetCheckRead(
        # By the money and not by the findings: `year_takes_whole_tasks` is found in
        # feasible budgets, too.
        is_feasible=spendable == parts.total,
        total=parts.total,
        most_spendable=spendable,
        findings=[_finding_read(finding) for finding in findings],
    )


def _finding_read(finding: Finding) -> FindingRead:
    words = {
        "years": ", ".join(map(str, finding.years)),
        "tasks": ", ".join(map(str, finding.tasks)),
    }
    polish = {
        "planned": _zloty(finding.planned, ","),
        "feasible": _zloty(finding.feasible, ","),
    }
    english = {
        "planned": _zloty(finding.planned, "."),
        "feasible": _zloty(finding.feasible, "."),
    }
    pl, en = _SENTENCES[finding.kind]
    return FindingRead(
        code=finding.kind,
        years=list(finding.years),
        tasks=list(finding.tasks),
        planned=finding.planned,
        feasible=finding.feasible,
        text=Text(pl=pl.format(**words, **polish), en=en.format(**words, **english)),
    )


def _zloty(amount: Decimal, mark: str) -> str:
    """An amount with grouped thousands, in the notation of the language."""
    whole, cents = f"{amount:,.2f}".split(".")
    # A no-break space, so that no line break divides an amount.
    return f"{whole.replace(',', chr(0xA0) if mark == ',' else ',')}{mark}{cents}"


# Whole sentences and no composed ones: Polish inflects their words.
_SENTENCES: dict[FindingKind, tuple[str, str]] = {
    FindingKind.YEAR_EXCEEDS_ACTIVE_TASKS: (
        (
            "Na rok {years} zaplanowano {planned} zł, a zadania, które w nim trwają"
            " ({tasks}), mają na cały swój okres {feasible} zł: więcej wydać się nie da."
        ),
        (
            "For {years} PLN {planned} are planned, but the tasks that run in it ({tasks})"
            " have PLN {feasible} for all their time: no more can be spent."
        ),
    ),
    FindingKind.YEARS_EXCEED_ACTIVE_TASKS: (
        (
            "Na lata {years} zaplanowano razem {planned} zł, a zadania, które w nich trwają"
            " ({tasks}), mają na cały swój okres {feasible} zł."
        ),
        (
            "For the years {years} PLN {planned} are planned together, but the tasks that"
            " run in them ({tasks}) have PLN {feasible} for all their time."
        ),
    ),
    FindingKind.YEAR_TAKES_WHOLE_TASKS: (
        (
            "Rok {years} wymaga całych {feasible} zł zadań {tasks}: wcześniej nie mogą one"
            " wydać niczego, choć zaczynają się przed tym rokiem."
        ),
        (
            "The year {years} takes all PLN {feasible} of the tasks {tasks}: before it they"
            " can spend nothing, although they begin earlier."
        ),
    ),
    FindingKind.TASK_WITHOUT_YEAR: (
        (
            "Zadanie {tasks} nie trwa w żadnym roku budżetu: jego {feasible} zł nikt nie"
            " zaplanował."
        ),
        (
            "Task {tasks} runs in no year of the budget: nobody has planned its"
            " PLN {feasible}."
        ),
    ),
}
