"""Rules of networks on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, Date, Flag, Name, Note, Wire
from services.chassis.web.listing import ListQuery
from services.registry.institutions.rules.kinds import InstitutionType, Sector
from services.registry.network_rules.rules import RuleDirection
from services.registry.tables import RECORDED, Recorded


class NetworkRuleCreate(Wire):
    """A rule by which institutions are included in the network, or excluded from it.

    The registry checks the criteria of an inclusion rule, and an institution has to
    meet all of them. People judge the grounds of an exclusion, so an exclusion rule
    has no criteria.
    """

    direction: RuleDirection
    code: Code
    name: Name
    description: Note | None = None
    sectors: list[Sector] = Field(
        default_factory=list,
        max_length=10,
        description="any of these; empty: any at all",
    )
    institution_types: list[InstitutionType] = Field(
        default_factory=list, max_length=50, description="any of these"
    )
    needs_verified_service: Flag = Field(
        default=False, description="offers a service that was verified lately"
    )
    in_county: Flag = Field(
        default=False, description="works in the network's own county"
    )
    valid_from: Date = Field(description="first day on which it is in force")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "direction": "inclusion",
                    "code": "W3",
                    "name": "Instytucja z powiatu, z aktualną ofertą",
                    "needs_verified_service": True,
                    "in_county": True,
                    "valid_from": "2025-02-01",
                }
            ]
        }
    )


class NetworkRuleRetire(Wire):
    """When and why a rule stops being in force."""

    valid_to: Date = Field(description="first day on which it is no longer in force")
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"valid_to": "2025-09-01", "reason": "zastąpiona W2"}]
        }
    )


class NetworkRuleRead(BaseModel):
    """A rule of a network."""

    id: UUID
    version: int
    network_id: UUID
    direction: RuleDirection
    code: str
    name: str
    description: str | None
    sectors: list[Sector]
    institution_types: list[InstitutionType]
    needs_verified_service: bool
    in_county: bool
    valid_from: date
    valid_to: date | None
    retiring_reason: str | None
    recorded: dict[str, Recorded] = RECORDED
    changed_at: datetime


class NetworkRuleList(ListQuery):
    """Filters of a network's rules."""

    direction: RuleDirection | None = None
    as_of: Date | None = Field(
        default=None, description="in force on that day; all when absent"
    )
