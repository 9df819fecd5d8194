"""A batch of screenings on the wire."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
)

from services.chassis.ground.scalars import Wire
from services.chassis.ground.told_problems import Problem
from services.chassis.web.batches import MOST_ITEMS, READ_ALONE
from services.screening.screenings.schemas import ScreeningCreate

_EXAMPLES: Any = ScreeningCreate.model_config.get("json_schema_extra", {})


class ScreeningBatch(Wire):
    """Up to 200 screenings, each read and answered on its own."""

    # A file takes more (`screening_imports`).
    items: list[Annotated[ScreeningCreate, READ_ALONE]] = Field(
        min_length=1, max_length=MOST_ITEMS
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": _EXAMPLES["examples"]}]}
    )


class ScreeningBatchItemRead(BaseModel):
    """What became of one screening of a batch."""

    index: int
    status: str = Field(description="created, unchanged or refused")
    id: UUID | None
    problem: Problem | None


class ScreeningBatchRead(BaseModel):
    """What became of each screening of a batch, in its order."""

    items: list[ScreeningBatchItemRead]
