"""A batch of validations on the wire."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Wire
from services.chassis.ground.told_problems import Problem
from services.chassis.web.batches import MOST_ITEMS, READ_ALONE
from services.training.validation_batches.rules import BatchStatus
from services.training.validations.schemas import ValidationRecord

_EXAMPLES: Any = ValidationRecord.model_config.get("json_schema_extra", {})


class ValidationBatch(Wire):
    """Up to 200 validations, each read and answered on its own."""

    # Ten outcomes of a group of twenty: the sheet of a group as it is drawn.
    items: list[Annotated[ValidationRecord, READ_ALONE]] = Field(
        min_length=1, max_length=MOST_ITEMS
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": _EXAMPLES["examples"]}]}
    )


class ValidationBatchItem(BaseModel):
    """What became of one validation of a batch."""

    index: int
    status: BatchStatus
    id: UUID | None
    problem: Problem | None


class ValidationBatchRead(BaseModel):
    """What became of each validation of a batch, in its order."""

    items: list[ValidationBatchItem]
