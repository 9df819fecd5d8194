"""Agreements on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Date, Name, Note, Wire
from services.chassis.web.listing import ByIds, FileQuery
from services.registry.agreements.rules import (
    AgreementKind,
    AgreementState,
)
from services.registry.tables import RECORDED, Recorded

# Codes are texts: as numbers they would lose their leading zeros.
CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{4}$")]
CommuneTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{7}$")]

_LAST_DAY = "last day; without an end when absent"


class AgreementCreate(Wire):
    """A new agreement: a draft until its parties sign it."""

    kind: AgreementKind
    title: Name
    county_terc: CountyTerc
    commune_terc: CommuneTerc | None = None
    valid_from: Date | None = Field(
        default=None, description="first day; needed before it is signed"
    )
    valid_to: Date | None = Field(default=None, description=_LAST_DAY)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "county_agreement",
                    "title": "Porozumienie o współpracy międzysektorowej",
                    "county_terc": "2469",
                    "valid_from": "2025-09-01",
                    "valid_to": "2028-08-31",
                }
            ]
        }
    )


class AgreementUpdate(Wire):
    """A merge patch of a draft: what is left out stays, null clears."""

    # An absent title stays, and null is refused: a title cannot be cleared. The field
    # needs a default for that, which is never used; a factory keeps it
    # out of the documentation.
    title: Name = Field(default_factory=str)
    commune_terc: CommuneTerc | None = None
    valid_from: Date | None = None
    valid_to: Date | None = Field(default=None, description=_LAST_DAY)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"valid_to": "2029-08-31"}]}
    )


class AgreementSign(Wire):
    """When the parties signed."""

    signed_on: Date = Field(
        description="the day on which the last of the first parties signed"
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"signed_on": "2025-08-20"}]}
    )


class AgreementTerminate(Wire):
    """When and why an agreement ends before its time."""

    terminated_on: Date = Field(description="first day on which it no longer binds")
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"terminated_on": "2025-11-03", "reason": "merger"}]
        }
    )


class AgreementRead(BaseModel):
    """An agreement."""

    id: UUID
    version: int
    kind: AgreementKind
    title: str
    county_terc: str
    commune_terc: str | None
    state: AgreementState = Field(
        description="`expired` from the day after the last day"
    )
    signed_on: date | None
    valid_from: date | None
    valid_to: date | None = Field(description=_LAST_DAY)
    terminated_on: date | None
    reason: str | None = Field(description="why it was terminated")
    text_number: int = Field(
        description="number of the newest text; 0 when there is none"
    )
    signatories: int = Field(description="parties that have not withdrawn")
    recorded: dict[str, Recorded] = RECORDED
    changed_at: datetime


class AgreementList(FileQuery, ByIds):
    """Filters of agreements."""

    kind: list[AgreementKind] | None = None
    # Poland has 380 counties, and a list may name all of them.
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    commune_terc: list[CommuneTerc] | None = Field(default=None, max_length=400)
    state: list[AgreementState] | None = Field(
        default=None, description="as it is today"
    )
    as_of: Date | None = Field(
        default=None, description="binds its parties on that day"
    )
