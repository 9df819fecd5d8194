"""Many inclusions on the wire."""

from typing import Annotated

from pydantic import ConfigDict, Field

from services.chassis.ground.scalars import Wire
from services.chassis.web.batches import MOST_ITEMS, READ_ALONE, BatchItem
from services.registry.memberships.schemas import MembershipInclude


class InclusionItem(BatchItem, MembershipInclude):
    """A membership, and the decision to include its institution."""


class InclusionBatch(Wire):
    """Up to 200 memberships, each included or refused on its own."""

    items: list[Annotated[InclusionItem, READ_ALONE]] = Field(
        min_length=1, max_length=MOST_ITEMS
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": "01990000-0000-7000-8000-000000000001",
                            "version": 1,
                            "rule_id": "01990000-0000-7000-8000-000000000003",
                            "decided_on": "2025-03-01",
                            "reason": "oferta potwierdzona na spotkaniu",
                        }
                    ]
                }
            ]
        }
    )
