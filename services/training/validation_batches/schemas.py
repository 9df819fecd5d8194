"""A batch of validations on the wire."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.item_problems import Problem
from services.chassis.ground.scalars import Wire
from services.chassis.web.batches import MOST_ITEMS, READ_ALONE
from services.training.validation_batches.rules import BatchStatus
from services.training.validations.schemas import ValidationRecord

_EXAMPLES: Any = ValidationRecord.model_config.get("json_schema_extra", {})


class ValidationBatch(Wire):
    """Up to 200 validations, each parsed and answered separately."""

    # The bound: ten outcomes of a group of twenty.
    items: list[Annotated[ValidationRecord, READ_ALONE]] = Field(
        min_length=1, max_length=MOST_ITEMS
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": _EXAMPLES["examples"]}]}
    )


class ValidationBatchItem(BaseModel):
    """The result of one validation of a batch."""

    index: int
    status: BatchStatus
    id: UUID | None
    problem: Problem | None


class ValidationBatchRead(BaseModel):
    """The results of a batch's validations, in their order."""

    items: list[ValidationBatchItem]
