"""A batch of support events on the wire."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
)

from services.casework.support_event_batches.rules import BatchStatus
from services.casework.support_events.schemas import SupportEventCreate
from services.chassis.ground.item_problems import Problem
from services.chassis.ground.scalars import Wire
from services.chassis.web.batches import MOST_ITEMS, READ_ALONE

_EXAMPLES: Any = SupportEventCreate.model_config.get("json_schema_extra", {})


class SupportEventBatch(Wire):
    """Up to 200 support events, each parsed and answered separately."""

    items: list[Annotated[SupportEventCreate, READ_ALONE]] = Field(
        min_length=1, max_length=MOST_ITEMS
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": _EXAMPLES["examples"]}]}
    )


class BatchItemRead(BaseModel):
    """The result for one support event of a batch."""

    index: int
    status: BatchStatus
    id: UUID | None = Field(description="of a group that of its first child's")
    problem: Problem | None


class SupportEventBatchRead(BaseModel):
    """The results for all support events of a batch, in its order."""

    items: list[BatchItemRead]
