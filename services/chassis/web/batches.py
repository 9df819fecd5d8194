"""Many things at once, each judged by itself: what is wrong with one stops no other."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Literal, NamedTuple, TypeVar
from uuid import UUID

from pydantic import (
    BaseModel,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from sqlalchemy.exc import IntegrityError

from services.chassis.data.work import Change, Stored
from services.chassis.ground import told_problems
from services.chassis.ground.bodies import validated
from services.chassis.ground.problems import Problem
from services.chassis.ground.scalars import Count, Id, Wire

MOST_ITEMS = 200
"""As many as are written one by one while somebody waits."""


class BatchItem(Wire):
    """One thing of a batch: which it is, and in which version it was read."""

    id: Id
    version: Annotated[Count, Field(ge=1)] = Field(
        description="as it was read just before: its ETag's"
    )


Item = TypeVar("Item", bound=BatchItem)
Act = Callable[[Item], Awaitable[Stored]]


def _read_or_passed_on(facts: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(facts)
    except ValidationError:
        return facts


READ_ALONE = WrapValidator(_read_or_passed_on)
"""An item that cannot be read is passed on, and refused without the rest of its batch."""


class BatchItemRead(BaseModel):
    """What became of one thing of a batch."""

    index: int = Field(description="its place in the request, from 0")
    status: Literal["done", "refused"]
    id: UUID | None
    version: int | None = Field(description="the new one; null when refused")
    problem: told_problems.Problem | None


class BatchRead(BaseModel):
    """What became of each thing of a batch, in its order."""

    items: list[BatchItemRead]


class Verdict(NamedTuple):
    """What became of one: its new version, or why it was refused."""

    stored: Stored | None = None
    refusal: Problem | IntegrityError | None = None


async def judge_each(
    change: Change, model: type[Item], given: Sequence[object], act: Act[Item]
) -> list[Verdict]:
    """Do it to each by itself, in a savepoint of its own; the verdicts in their order."""
    verdicts: dict[int, Verdict] = {}
    # In one order of ids: two batches that lock the same things wait, and never
    # deadlock.
    for place in sorted(range(len(given)), key=lambda place: _id_of(given[place])):
        verdicts[place] = await _judged(change, model, given[place], act)
    return [verdicts[place] for place in range(len(given))]


def _id_of(facts: object) -> str:
    return str(facts.id) if isinstance(facts, BatchItem) else ""


async def _judged(
    change: Change, model: type[Item], facts: object, act: Act[Item]
) -> Verdict:
    try:
        item = facts if isinstance(facts, model) else validated(model, facts)
        async with change.nested():
            return Verdict(await act(item))
    except (Problem, IntegrityError) as refusal:
        return Verdict(refusal=refusal)
