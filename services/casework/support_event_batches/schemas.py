"""A batch of support events on the wire."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from services.casework.support_event_batches.rules import BatchStatus
from services.casework.support_events.schemas import SupportEventCreate
from services.chassis.ground.scalars import Wire

_EXAMPLES: Any = SupportEventCreate.model_config.get("json_schema_extra", {})


def _read_or_passed_on(facts: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """What cannot be read is passed on: it is refused by itself, and not with the whole batch."""
    try:
        return read(facts)
    except ValidationError:
        # As it came: it is read once more on its own, and its refusal says
        # what is wrong.
        return facts


class SupportEventBatch(Wire):
    """Up to 200 support events, each read and answered on its own."""

    # As many as can be recorded one by one while somebody waits.
    items: list[Annotated[SupportEventCreate, WrapValidator(_read_or_passed_on)]] = (
        Field(min_length=1, max_length=200)
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": _EXAMPLES["examples"]}]}
    )


class BatchItemRead(BaseModel):
    """What became of one support event of a batch."""

    index: int
    status: BatchStatus
    id: UUID | None = Field(description="of a group that of its first child's")
    problem: dict[str, Any] | None


class SupportEventBatchRead(BaseModel):
    """What became of each support event of a batch, in its order."""

    items: list[BatchItemRead]
