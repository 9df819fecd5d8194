"""Partners on the wire."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Flag, Name, Wire
from services.chassis.web.listing import ListQuery
from services.training.partners.rules import PartnerState
from services.training.programmes.schemas import ProgrammeCode


class PartnerProjectWire(Wire):
    """A project with EU money of a candidate or partner."""

    title: Name
    funding: Name = Field(description="the EU programme that paid for it")
    starts_on: Date
    # Days and no number of years, so that the experience can be checked.
    ends_on: Date | None = Field(default=None, description="absent while it goes on")
    is_for_authority_staff: Flag = Field(
        description="addressed to the staff of local authorities; others do not count"
    )


class _PartnerFields(Wire):
    name: Name
    is_nationwide: Flag
    is_authority_association: Flag = Field(
        description="it associates local authorities"
    )
    has_technical_capacity: Flag
    has_premises: Flag
    projects: list[PartnerProjectWire] = Field(max_length=200)


_EXAMPLE: dict[str, Any] = {
    "name": "Ogólnopolski związek gmin",
    "is_nationwide": True,
    "is_authority_association": True,
    "has_technical_capacity": True,
    "has_premises": True,
    "projects": [
        {
            "title": "Szkolenia dla samorządów",
            "funding": "PO WER",
            "starts_on": "2017-01-01",
            "ends_on": "2021-12-31",
            "is_for_authority_staff": True,
        }
    ],
}


class PartnerCreate(_PartnerFields):
    """A candidate for the partner of a programme."""

    programme: ProgrammeCode

    model_config = ConfigDict(
        json_schema_extra={"examples": [_EXAMPLE | {"programme": "FERS"}]}
    )


class PartnerUpdate(_PartnerFields):
    """The whole description of a candidate, in place of the old one."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})


class PartnerEntry(BaseModel):
    """A partner or a candidate, without its projects."""

    id: UUID
    version: int
    programme: str = Field(description="the programme's code")
    name: str
    is_nationwide: bool
    is_authority_association: bool
    has_technical_capacity: bool
    has_premises: bool
    state: PartnerState
    accepted_on: date | None
    changed_at: datetime


class PartnerRead(PartnerEntry):
    """A partner or a candidate, with its projects and what it lacks."""

    projects: list[PartnerProjectWire]
    experience_months: int = Field(
        description="with projects for the staff of local authorities, each once;"
        " of a partner, by the day of its acceptance"
    )
    missing: list[str] = Field(description="what it lacks to be accepted")


class PartnerList(ListQuery):
    """Filters of partners."""

    programme: list[ProgrammeCode] | None = None
    state: list[PartnerState] | None = None
