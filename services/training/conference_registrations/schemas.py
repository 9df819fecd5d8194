"""Registrations for conferences on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Id, Name, Wire
from services.chassis.web.listing import ListQuery
from services.training.conference_registrations.rules import RegistrationState
from services.training.conferences.rules import Audience
from services.training.conferences.schemas import Capacity
from services.training.rooms.schemas import CountyTerc

_EXAMPLE: dict[str, Any] = {
    "name": "Anna Testowa",
    "organisation": "Gmina Przykładowa",
    "audience": "local_authorities",
    "county_terc": "2469",
}


class RegistrationCreate(Wire):
    """A person who wants to come to a conference, and their organisation."""

    name: Name
    organisation: Name
    audience: Audience
    county_terc: CountyTerc = Field(description="where the organisation is")
    authority_id: Id | None = Field(
        default=None, description="of a local authority that takes part in a programme"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})


class PersonRegistration(RegistrationCreate):
    """A person without an account, whom staff register."""

    conference_id: Id

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                _EXAMPLE | {"conference_id": "01990000-0000-7000-8000-000000000001"}
            ]
        }
    )


class ConferenceResize(Wire):
    """The new number of places."""

    capacity: Capacity

    model_config = ConfigDict(json_schema_extra={"examples": [{"capacity": 600}]})


class RegistrationRead(BaseModel):
    """A registration. A withdrawal deletes the name."""

    id: UUID
    version: int
    conference_id: UUID
    county_terc: str
    name: str | None
    organisation: str
    audience: Audience
    authority_id: UUID | None
    state: RegistrationState
    has_attended: bool | None = Field(description="null until it is recorded who came")
    sequence: int
    created_at: datetime
    changed_at: datetime


class RegistrationList(ListQuery):
    """Filters of a conference's registrations."""

    state: list[RegistrationState] | None = None
    audience: list[Audience] | None = Field(default=None, max_length=len(Audience))
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
