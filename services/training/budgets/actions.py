"""Every change of a budget."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    UnknownReference,
    refuse,
)
from services.training.budgets import queries, rules
from services.training.budgets.models import (
    Budget,
    BudgetSource,
    BudgetTask,
    BudgetYear,
)
from services.training.budgets.schemas import BudgetCreate, BudgetWire
from services.training.programmes.queries import find_programme_id


def _require_consistent(budget: BudgetWire) -> None:
    """ValidationFailed with every part whose sum is wrong."""
    years = [rules.Year(each.year, each.amount) for each in budget.years]
    tasks = [
        rules.Task(number, each.share, each.start_quarter, each.end_quarter)
        for number, each in enumerate(budget.tasks, 1)
    ]
    errors = rules.contradictions(
        years, tasks, [source.amount for source in budget.sources]
    )
    # Checked here: the primary key (one row of a kind) would not name the field.
    kinds = [source.kind for source in budget.sources]
    if len({*kinds}) != len(kinds):
        errors.append(("sources", "repeated"))
    # All errors in one answer, so that all can be mended at once.
    refuse(*errors)


async def _write_parts(change: Change, budget_id: UUID, budget: BudgetWire) -> None:
    of_budget = {"budget_id": budget_id}
    years = [of_budget | each.model_dump() for each in budget.years]
    tasks = [
        of_budget | {"number": number} | each.model_dump()
        for number, each in enumerate(budget.tasks, 1)
    ]
    sources = [of_budget | each.model_dump() for each in budget.sources]
    parts: tuple[tuple[type[Any], list[dict[str, Any]]], ...] = (
        (BudgetYear, years),
        (BudgetTask, tasks),
        (BudgetSource, sources),
    )
    # Deleted and inserted again: a task is identified by its place alone, so that old
    # and new tasks cannot be matched.
    for part, rows in parts:
        await change.execute(delete(part).where(col(part.budget_id) == budget_id))
        await change.execute(insert(part), rows)


def _record(change: Change, action: str, budget_id: UUID, version: int) -> None:
    event = {"create_budget": "created", "replace_budget": "changed"}[action]
    # Without amounts: a follower with the right to see them reads the budget.
    change.record(action, Subject(f"budgets/{budget_id}", version), f"budget.{event}")


async def create_budget(change: Change, new: BudgetCreate) -> Stored:
    """Give a programme its only budget; BudgetAlreadyMade where it has one."""
    _require_consistent(new)
    programme_id = await find_programme_id(change, new.programme)
    if programme_id is None:
        # 422 and not 404: the programme is in the body, not in the address.
        raise UnknownReference(FieldError("pointer", "/programme", "not_found"))
    titles = {"title_pl": new.title_pl, "title_en": new.title_en}
    adding = insert(Budget).values(programme_id=programme_id, **titles)
    budget_id = await change.scalar(adding.returning(col(Budget.id)))
    await _write_parts(change, budget_id, new)
    _record(change, "create_budget", budget_id, 1)
    return await queries.get_budget(change, budget_id)


async def replace_budget(
    change: Change, budget_id: UUID, new: BudgetWire, version: int
) -> Stored:
    """Replace all parts of a budget, which are checked together."""
    _require_consistent(new)
    # After the sums, which do not depend on stored data.
    budget = await queries.lock_budget(change, budget_id)
    require_version(budget.version, version)
    titles = {"title_pl": new.title_pl, "title_en": new.title_en}
    stamp = {"version": Budget.version + 1, "changed_at": func.now()}
    of_budget = col(Budget.id) == budget_id
    await change.execute(update(Budget).where(of_budget).values(**titles, **stamp))
    await _write_parts(change, budget_id, new)
    _record(change, "replace_budget", budget_id, budget.version + 1)
    return await queries.get_budget(change, budget_id)
