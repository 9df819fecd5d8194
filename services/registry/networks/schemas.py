"""Networks, their rules, memberships and decisions on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.listing import FileQuery, ListQuery
from services.chassis.scalars import Code, Date, Flag, Id, Name, Note, Wire
from services.registry.institutions.rules.kinds import InstitutionType, Sector
from services.registry.institutions.schemas import CountyTerc
from services.registry.networks.rules import MembershipState, NetworkRole, RuleDirection
from services.registry.resources.schemas import GapRead
from services.registry.support_services.rules import SupportKind


class NetworkCreate(Wire):
    """A new support network of a county."""

    county_terc: CountyTerc
    name: Name
    description: Note | None = None
    founded_on: Date

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "county_terc": "2408",
                    "name": "Sieć wsparcia powiatu",
                    "founded_on": "2025-02-01",
                }
            ]
        }
    )


class NetworkUpdate(Wire):
    """A merge patch: what is left out stays, null clears."""

    name: Name = Field(default_factory=str)
    description: Note | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"description": "Sieć czterech sektorów"}]}
    )


class NetworkClose(Wire):
    """When and why a network ends."""

    closed_on: Date = Field(description="first day on which it is no longer there")
    reason: Note

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"closed_on": "2025-10-31", "reason": "nowa sieć"}]
        }
    )


class NetworkRead(BaseModel):
    """The support network of a county."""

    id: UUID
    version: int
    county_terc: str
    name: str
    description: str | None
    founded_on: date
    closed_on: date | None
    closing_reason: str | None
    changed_at: datetime


class MemberCount(BaseModel):
    """How many members play a role in a sector."""

    role: NetworkRole
    sector: Sector
    institutions: int


class NetworkOverview(NetworkRead):
    """A network and who belongs to it today."""

    members: list[MemberCount] = Field(
        description="included members by role and sector"
    )
    proposed: int = Field(description="institutions that wait for a decision")


class NetworkList(ListQuery):
    """Filters of networks."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    open: bool | None = Field(
        default=None,
        description="open on the day `as_of`, or closed by then; both when absent",
    )
    as_of: Date | None = Field(
        default=None, description="founded by that day; today when absent"
    )


class NetworkRuleCreate(Wire):
    """A rule by which institutions are included in the network, or excluded from it.

    What an inclusion rule asks is checked by the machine, and all of it has to be met; grounds of exclusion are for
    people to judge, so an exclusion rule asks nothing of an institution.
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
    changed_at: datetime


class NetworkRuleList(ListQuery):
    """Filters of a network's rules."""

    direction: RuleDirection | None = None
    as_of: Date | None = Field(
        default=None, description="in force on that day; all when absent"
    )


class MembershipPropose(Wire):
    """An institution proposed for the network."""

    institution_id: Id
    role: NetworkRole
    proposed_on: Date | None = Field(default=None, description="today when absent")
    reason: Note | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "institution_id": "01990000-0000-7000-8000-000000000001",
                    "role": "supporting",
                }
            ]
        }
    )


class _Decision(Wire):
    rule_id: Id = Field(description="the network's rule that it rests on")
    decided_on: Date
    reason: Note


class MembershipInclude(_Decision):
    """The decision to take an institution in."""

    role: NetworkRole | None = Field(
        default=None, description="another role than the one it was proposed for"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rule_id": "01990000-0000-7000-8000-000000000003",
                    "decided_on": "2025-03-01",
                    "reason": "oferta potwierdzona na spotkaniu",
                }
            ]
        }
    )


class MembershipExclude(_Decision):
    """The decision to let an institution go."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rule_id": "01990000-0000-7000-8000-000000000004",
                    "decided_on": "2025-09-01",
                    "reason": "na własną prośbę",
                }
            ]
        }
    )


class MembershipRead(BaseModel):
    """An institution in a network."""

    id: UUID
    version: int = Field(description="the number of its last decision")
    network_id: UUID
    institution_id: UUID
    institution_name: str = Field(description="as it is called now")
    institution_type: InstitutionType
    sector: Sector
    county_terc: str = Field(description="of the institution")
    role: NetworkRole
    state: MembershipState
    state_since: date = Field(description="day of the decision that led to the state")
    proposed_by: str


class MembershipList(FileQuery):
    """Filters of a network's memberships."""

    role: list[NetworkRole] | None = None
    state: list[MembershipState] | None = None
    sector: list[Sector] | None = None
    as_of: Date | None = Field(
        default=None,
        description="by the decisions taken until that day; all when absent",
    )


class MembershipDecisionRead(BaseModel):
    """One decision about a membership. Decisions are never changed."""

    id: UUID
    number: int = Field(description="the version of the membership that it made")
    from_state: MembershipState | None = Field(description="null for the proposal")
    to_state: MembershipState
    role: NetworkRole
    rule_id: UUID | None
    rule_code: str | None
    decided_by: str
    decided_on: date
    reason: str | None
    recorded_at: datetime


class OutsiderRead(BaseModel):
    """An institution that offers support and does not belong to the network."""

    institution_id: UUID
    name: str
    state: MembershipState | None = Field(
        description="of its membership; null when nobody proposed it"
    )


class NetworkGapRead(BaseModel):
    """How much of one sector's offer of one kind the network holds."""

    sector: Sector
    kind: SupportKind
    institutions: int = Field(description="that offer it in the county")
    services: int
    included_institutions: int = Field(description="of them, members of the network")
    included_services: int
    not_included: list[OutsiderRead]


class NetworkGaps(BaseModel):
    """Whom the network lacks today, by sector and kind of support."""

    network_id: UUID
    county_terc: str
    as_of: date
    offered: list[NetworkGapRead]
    missing: list[GapRead] = Field(
        description="what nobody in the county offers, of the four sectors of the model"
    )
