"""Functions of institutions on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Id, Name, Note, Wire
from services.chassis.web.listing import ListQuery
from services.registry.institutions.rules.kinds import DesignationMode, FunctionKind
from services.registry.institutions.schemas import CountyTerc
from services.registry.tables import RECORDED, Recorded


class FunctionCreate(Wire):
    """A function given to an institution for one county."""

    kind: FunctionKind
    mode: DesignationMode = DesignationMode.DESIGNATED
    county_terc: CountyTerc | None = Field(
        default=None, description="the institution's own county when absent"
    )
    held_from: Date
    held_to: Date | None = Field(
        default=None, description="first day on which it is no longer held"
    )
    # Free text beside the reference: many acts are not in the catalogue.
    legal_basis: Name | None = Field(default=None, examples=["Dz.U. 2023 poz. 1801"])
    legal_act_id: Id | None = Field(
        default=None,
        description="the act of the catalogue, in force on the first day",
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "wokro", "held_from": "2025-09-01"}]}
    )


class FunctionEnd(Wire):
    """When and why a function ends."""

    held_to: Date = Field(description="first day on which it is no longer held")
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"held_to": "2025-10-01", "reason": "entrusted anew"}]
        }
    )


class FunctionRead(BaseModel):
    """A function that an institution holds or held."""

    id: UUID
    version: int
    institution_id: UUID
    kind: FunctionKind
    mode: DesignationMode
    county_terc: str
    held_from: date
    held_to: date | None
    legal_basis: str | None
    legal_act_id: UUID | None
    ending_reason: str | None
    body_id: UUID | None = Field(
        description="the county's resource coordination centre, of which it is the host"
    )
    given_by: str
    recorded: dict[str, Recorded] = RECORDED
    changed_at: datetime


class FunctionList(ListQuery):
    """Filters of an institution's functions."""

    kind: FunctionKind | None = None
    as_of: Date | None = Field(
        default=None, description="held on that day; all when absent"
    )
