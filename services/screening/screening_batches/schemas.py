"""A batch of screenings on the wire."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
)

from services.chassis.ground.item_problems import Problem
from services.chassis.ground.scalars import Wire
from services.chassis.web.batches import MOST_ITEMS, READ_ALONE
from services.screening.screenings.schemas import ScreeningCreate

_EXAMPLES: Any = ScreeningCreate.model_config.get("json_schema_extra", {})


class ScreeningBatch(Wire):
    """Up to 200 screenings, each validated and answered separately."""

    # A file takes more (`screening_imports`).
    items: list[Annotated[ScreeningCreate, READ_ALONE]] = Field(
        min_length=1, max_length=MOST_ITEMS
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": _EXAMPLES["examples"]}]}
    )


class ScreeningBatchItemRead(BaseModel):
    """The outcome for one screening of a batch."""

    index: int
    status: str = Field(description="created, unchanged or refused")
    id: UUID | None
    problem: Problem | None


class ScreeningBatchRead(BaseModel):
    """The outcome for each screening of a batch, in its order."""

    items: list[ScreeningBatchItemRead]
