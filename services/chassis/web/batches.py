"""Many items at once, each judged by itself: a fault in one stops no other."""

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
from services.chassis.ground import item_problems
from services.chassis.ground.bodies import validated
from services.chassis.ground.problems import Problem
from services.chassis.ground.scalars import Count, Id, Wire

MOST_ITEMS = 200
"""As many as can be written one by one while a client waits."""


class BatchItem(Wire):
    """One item of a batch: its id, and the version that was read."""

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
"""An item that cannot be parsed is refused without the rest of its batch."""


class BatchItemRead(BaseModel):
    """The result of one item of a batch."""

    index: int = Field(description="its place in the request, from 0")
    status: Literal["done", "refused"]
    id: UUID | None
    version: int | None = Field(description="the new one; null when refused")
    problem: item_problems.Problem | None


class BatchRead(BaseModel):
    """The results of the items of a batch, in its order."""

    items: list[BatchItemRead]


class Verdict(NamedTuple):
    """The result of one item: its new version, or why it was refused."""

    stored: Stored | None = None
    refusal: Problem | IntegrityError | None = None


async def judge_each(
    change: Change, model: type[Item], items: Sequence[object], act: Act[Item]
) -> list[Verdict]:
    """Act on each item in a savepoint of its own; verdicts in the items' order."""
    verdicts: dict[int, Verdict] = {}
    # Sorted by id: two batches that lock the same rows wait, and never deadlock.
    for place in sorted(range(len(items)), key=lambda place: _id_of(items[place])):
        verdicts[place] = await _judge(change, model, items[place], act)
    return [verdicts[place] for place in range(len(items))]


def _id_of(facts: object) -> str:
    return str(facts.id) if isinstance(facts, BatchItem) else ""


async def _judge(
    change: Change, model: type[Item], facts: object, act: Act[Item]
) -> Verdict:
    try:
        item = facts if isinstance(facts, model) else validated(model, facts)
        async with change.nested():
            return Verdict(await act(item))
    except (Problem, IntegrityError) as refusal:
        return Verdict(refusal=refusal)
