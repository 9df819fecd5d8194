"""Communiqués of bodies on the wire."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Name, Note, Wire
from services.chassis.web.listing import ListQuery
from services.registry.body_communiques.rules import Recipient


class CommuniqueCreate(Wire):
    """A new communiqué of a body for boards and councils."""

    title: Name
    issued_on: Date
    recipients: list[Recipient] = Field(min_length=1, max_length=20)
    guidance: Note = Field(description="the advice that goes with it")
    document: Name | None = Field(default=None, description="reference of the document")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Stan współpracy w gminach powiatu",
                    "issued_on": "2025-04-01",
                    "recipients": ["commune_boards", "county_board"],
                    "guidance": "Warto uzgodnić wspólny kalendarz szkoleń.",
                }
            ]
        }
    )


class CommuniqueRead(BaseModel):
    """A communiqué."""

    id: UUID
    version: int
    body_id: UUID
    title: str
    issued_on: date
    recipients: list[Recipient]
    guidance: str
    document: str | None
    issued_by: str


class CommuniqueList(ListQuery):
    """Filters of communiqués."""

    recipient: Recipient | None = None
