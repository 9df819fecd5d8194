"""Agreements, their parties and their texts on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Date, Id, Line, Name, Note, Wire
from services.chassis.web.listing import FileQuery, ListQuery
from services.registry.agreements.rules import (
    AgreementKind,
    AgreementState,
    PartyKind,
    PartyRole,
)

CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{4}$")]
CommuneTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{7}$")]
Sha256 = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Reference = Annotated[Line, StringConstraints(min_length=1, max_length=500)]

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
    changed_at: datetime


class AgreementList(FileQuery):
    """Filters of agreements."""

    kind: list[AgreementKind] | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    commune_terc: list[CommuneTerc] | None = Field(default=None, max_length=400)
    state: list[AgreementState] | None = Field(
        default=None, description="as it is today"
    )
    as_of: Date | None = Field(
        default=None, description="binds its parties on that day"
    )


class SignatoryCreate(Wire):
    """A party: an office or an organisation, never a person."""

    party_name: Name
    party_kind: PartyKind
    role: PartyRole = Field(
        default=PartyRole.PARTY,
        description="a letter of intent has an author and addressees",
    )
    institution_id: Id | None = Field(
        default=None, description="when the party is a registered institution"
    )
    signed_on: Date | None = Field(
        default=None,
        description="the day of joining what is signed already; not before",
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"party_name": "Miasto Katowice", "party_kind": "authority"},
                {"party_name": "Realizator projektu", "party_kind": "project_operator"},
            ]
        }
    )


class SignatoryWithdraw(Wire):
    """When and why a party leaves."""

    withdrawn_on: Date = Field(description="first day on which it is no longer a party")
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"withdrawn_on": "2025-10-01", "reason": "closed"}]
        }
    )


class SignatoryRead(BaseModel):
    """A party of an agreement, the withdrawn ones included."""

    id: UUID
    version: int
    agreement_id: UUID
    party_name: str
    party_kind: PartyKind
    role: PartyRole
    institution_id: UUID | None
    signed_on: date | None
    joined_later: bool
    withdrawn_on: date | None
    reason: str | None = Field(description="why it withdrew")
    changed_at: datetime


class SignatoryList(ListQuery):
    """Filters of an agreement's parties."""

    as_of: Date | None = Field(
        default=None, description="a party on that day; all, past ones too, when absent"
    )


class AgreementVersionCreate(Wire):
    """A text: the first one, an annex or a new wording."""

    document_reference: Reference
    document_sha256: Sha256 = Field(
        description="SHA-256 of the document, 64 hexadecimal digits"
    )
    valid_from: Date
    valid_to: Date | None = Field(
        default=None, description="a later last day: an annex prolongs what is signed"
    )
    note: Note | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "document_reference": "OR.031.12.2026",
                    "document_sha256": "0" * 64,
                    "valid_from": "2025-09-01",
                }
            ]
        }
    )


class AgreementVersionRead(BaseModel):
    """A text as it was recorded."""

    agreement_id: UUID
    number: int
    document_reference: str
    document_sha256: str
    valid_from: date
    valid_to: date | None = Field(
        description="the last day to which this text prolonged the agreement"
    )
    valid_to_before: date | None = Field(
        description="the last day that it had until then"
    )
    note: str | None
    recorded_by: str
    recorded_at: datetime
