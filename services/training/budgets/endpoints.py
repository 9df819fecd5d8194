"""/budgets."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.problems import (
    PreconditionRequired,
    UnknownReference,
    VersionMismatch,
)
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Id
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import (
    Answer,
    Terms,
    created_answer,
    page_answer,
    stored_answer,
)
from services.chassis.web.concurrency import IfMatch, expected_version
from services.chassis.web.listing import Page
from services.chassis.web.units import Change, Reading
from services.training.budgets import actions, queries
from services.training.budgets.schemas import (
    BudgetCheckRead,
    BudgetCreate,
    BudgetEntry,
    BudgetList,
    BudgetRead,
    BudgetWire,
)
from services.training.demands import CanEditBudgets, CanReadBudgets
from services.training.problems import BudgetAlreadyMade, BudgetNotFound

router = slice_router(prefix="/budgets", tags=["budgets"])


@router.get("", responses=answers(Page[BudgetEntry]))
async def list_budgets(
    caller: CanReadBudgets,
    reading: Reading,
    terms: Terms,
    query: Annotated[BudgetList, Query()],
) -> Answer:
    """The budgets of programmes, without their parts."""
    return page_answer(await queries.list_budgets(reading, terms, query), terms)


@router.post(
    "",
    status_code=201,
    responses=answers(BudgetRead, BudgetAlreadyMade, UnknownReference, status=201),
)
async def create_budget(
    caller: CanEditBudgets, change: Change, new: BudgetCreate
) -> Answer:
    """Give a programme its budget: years, tasks and sources in PLN.

    Years and sources have the same sum, and the shares of tasks sum to 100; otherwise
    the budget is refused. Whether the tasks can spend each year's money is answered by
    `check_budget`.
    """
    budget = await actions.create_budget(change, new)
    return created_answer(budget, f"/v1/training/budgets/{budget.key}")


@router.get("/{budget_id}", responses=answers(BudgetRead, BudgetNotFound))
async def get_budget(
    caller: CanReadBudgets, reading: Reading, terms: Terms, budget_id: Id
) -> Answer:
    """One budget with its sums: total, amount of each task, shares of years and
    sources.
    """
    return stored_answer(await queries.get_budget(reading, budget_id), terms)


@router.put(
    "/{budget_id}",
    responses=answers(
        BudgetRead, BudgetNotFound, PreconditionRequired, VersionMismatch
    ),
)
async def replace_budget(
    caller: CanEditBudgets,
    change: Change,
    budget_id: Id,
    # A PUT and no patch: sums can only be checked over all parts.
    new: BudgetWire,
    # Optional to the framework: its absence is 428, and not a wrong field.
    if_match: IfMatch = None,
) -> Answer:
    """Replace all parts of a budget at once, since their sums have to agree."""
    version = expected_version(if_match, budget_id)
    return stored_answer(await actions.replace_budget(change, budget_id, new, version))


@router.get("/{budget_id}/check", responses=answers(BudgetCheckRead, BudgetNotFound))
async def check_budget(
    caller: CanReadBudgets, reading: Reading, budget_id: Id
) -> Answer:
    """Whether what is planned for each year can be spent by the tasks that run in it.

    Every finding is also a sentence: a year that plans more than its tasks have in all
    their time, several years that do so together, a year that leaves its tasks nothing
    for earlier years, and a task that runs in no year.
    """
    # Without an ETag: findings are computed and have no version.
    return Answer((await queries.get_check(reading, budget_id)).model_dump_json())
