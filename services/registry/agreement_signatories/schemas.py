"""The parties of agreements on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Id, Name, Note, Wire
from services.chassis.web.listing import ListQuery
from services.registry.agreement_signatories.rules import PartyKind
from services.registry.agreements.rules import PartyRole
from services.registry.tables import RECORDED, Recorded


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
    recorded: dict[str, Recorded] = RECORDED
    changed_at: datetime


class SignatoryList(ListQuery):
    """Filters of an agreement's parties."""

    as_of: Date | None = Field(
        default=None, description="a party on that day; all, past ones too, when absent"
    )
