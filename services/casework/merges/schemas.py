"""Merges on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.merges.rules import MergeState, Sharing
from services.casework.people.schemas import CountyTerc, PersonSummary
from services.chassis.ground.scalars import Id, Wire
from services.chassis.web.listing import ListQuery


class MergePropose(Wire):
    """Two records of one person."""

    kept_id: Id = Field(description="the record that stays")
    merged_id: Id = Field(description="the record that becomes part of it")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kept_id": "01990000-0000-7000-8000-000000000001",
                    "merged_id": "01990000-0000-7000-8000-000000000002",
                }
            ]
        }
    )


class MergeRead(BaseModel):
    """A merge of two records."""

    id: UUID
    version: int
    county_terc: str
    # Without `moved`: those keys are only needed to undo the merge.
    kept_id: UUID
    merged_id: UUID
    state: MergeState
    proposed_by: str
    decided_by: str | None
    decided_at: datetime | None
    created_at: datetime
    changed_at: datetime


class MergeList(ListQuery):
    """Filters of merges."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    state: list[MergeState] | None = Field(default=None, max_length=4)
    kept_id: Id | None = None
    merged_id: Id | None = None


class LikelyDuplicate(PersonSummary):
    """Another record that may be the same person."""

    shares: list[Sharing] = Field(description="what the two records have in common")


class LikelyDuplicates(BaseModel):
    """Records that may be the same person, those that share the most first."""

    # As many as the query returns: further records with a common name would be matches
    # by chance.
    items: list[LikelyDuplicate] = Field(max_length=20)
