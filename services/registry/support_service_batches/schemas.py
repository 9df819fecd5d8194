"""Many verifications on the wire."""

from typing import Annotated

from pydantic import ConfigDict, Field

from services.chassis.ground.scalars import Wire
from services.chassis.web.batches import MOST_ITEMS, READ_ALONE, BatchItem


class VerificationBatch(Wire):
    """Up to 200 services whose descriptions, as they were read, are still correct."""

    items: list[Annotated[BatchItem, READ_ALONE]] = Field(
        min_length=1, max_length=MOST_ITEMS
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {"id": "01990000-0000-7000-8000-000000000001", "version": 1},
                        {"id": "01990000-0000-7000-8000-000000000002", "version": 3},
                    ]
                }
            ]
        }
    )
