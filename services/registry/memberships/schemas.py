"""Memberships and decisions about them on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Id, Note, Wire
from services.chassis.web.listing import ByIds, Expandable, FileQuery, ListQuery
from services.registry.institutions.rules.kinds import InstitutionType, Sector
from services.registry.institutions.schemas import InstitutionRead
from services.registry.networks.rules import MembershipState, NetworkRole


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
    """The decision to include an institution."""

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
    """The decision to exclude a member."""

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


class ListedMembership(MembershipRead):
    """A membership, if asked for with its institution."""

    institution: InstitutionRead | None = Field(
        default=None, description="only with `expand=institution`"
    )


class MembershipList(FileQuery, ByIds, Expandable):
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


# Without the facts of the institution, which the address names.
class InstitutionMembership(BaseModel):
    """A network that an institution is in, was proposed for or was excluded from."""

    id: UUID
    version: int = Field(description="the number of its last decision")
    network_id: UUID
    network_name: str = Field(description="name of the network")
    network_county_terc: str = Field(description="county of the network")
    # A closed network is listed too: it is part of the institution's history.
    network_closed_on: date | None = Field(
        description="the first day on which the network is no longer there"
    )
    role: NetworkRole
    state: MembershipState
    state_since: date = Field(description="day of the decision that led to the state")


class InstitutionMembershipList(ListQuery):
    """Filters of an institution's memberships."""

    state: list[MembershipState] | None = None
