"""Selections for stage two on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Id, Note, Wire
from services.chassis.web.listing import FileQuery
from services.screening.campaigns.schemas import CountyTerc
from services.screening.protocols.schemas import Labels, SelectionRule


class SelectionCreate(Wire):
    """Whom to select: `subjects` with a `reason` for a selection by hand, or neither of them.

    Without `subjects` the protocol's rule selects in the caller's reach.
    """

    # A bound for one transaction: it locks the rows of all subjects.
    subjects: list[Id] | None = Field(default=None, min_length=1, max_length=10_000)
    county_terc: list[CountyTerc] | None = Field(
        default=None, min_length=1, max_length=400
    )
    reason: Note | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"county_terc": ["2469"]}]}
    )


class SelectionsMade(BaseModel):
    """How many were selected, how many had been selected before, and by which rule.

    The numbers are null for a caller who may not read selections: they may be
    of few children.
    """

    selected: int | None
    already_selected: int | None
    rule: Labels


class SelectionWithdraw(Wire):
    """Why the selection of a child is withdrawn."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "the family has moved"}]}
    )


class SelectionRead(BaseModel):
    """A child who goes on to stage two."""

    id: UUID
    version: int
    campaign_id: UUID
    subject_ref: UUID
    county_terc: str
    rule: SelectionRule
    reason: str | None
    selected_by: str
    created_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawing_reason: str | None


class SelectionList(FileQuery):
    """Filters of a campaign's selections."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    subject_ref: list[Id] | None = Field(default=None, max_length=100)
