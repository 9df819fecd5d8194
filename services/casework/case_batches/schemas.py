"""A batch of cases on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.case_batches.rules import TakeOver
from services.casework.taken_cases.schemas import EXAMPLE, TakenCase
from services.chassis.ground.item_problems import Problem
from services.chassis.ground.scalars import Wire
from services.chassis.web.batches import MOST_ITEMS, READ_ALONE


class CaseBatch(Wire):
    """Up to 200 cases, each parsed and answered separately."""

    items: list[Annotated[TakenCase, READ_ALONE]] = Field(
        min_length=1, max_length=MOST_ITEMS
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})


class CaseBatchItemRead(BaseModel):
    """The result for one case of a batch."""

    index: int = Field(description="its place in the request, from 0")
    status: TakeOver
    id: UUID | None = Field(description="of the case")
    person_id: UUID | None = Field(description="of its child")
    plan_id: UUID | None
    problem: Problem | None


class CaseBatchRead(BaseModel):
    """The results for all cases of a batch, in its order."""

    items: list[CaseBatchItemRead]
