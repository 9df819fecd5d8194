"""The gaps of a network on the wire."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.institutions.rules.kinds import Sector
from services.registry.networks.rules import MembershipState
from services.registry.resources.schemas import GapRead
from services.registry.support_services.rules import SupportKind


class OutsiderRead(BaseModel):
    """An institution that offers support and does not belong to the network."""

    institution_id: UUID
    name: str
    state: MembershipState | None = Field(
        description="of its membership; null when nobody proposed it"
    )


class NetworkGapRead(BaseModel):
    """The offer of one sector and kind in the county, and the members' part of it."""

    sector: Sector
    kind: SupportKind
    institutions: int = Field(description="that offer it in the county")
    services: int
    included_institutions: int = Field(description="of them, members of the network")
    included_services: int
    included_free_places: int | None = Field(
        description="of the members; null when none of them tells it"
    )
    included_capacity_unknown: int = Field(
        description="services of members that do not tell their capacity"
    )
    included_longest_waiting_days: int | None = Field(
        description="of the members; null when none tells it"
    )
    not_included: list[OutsiderRead]


class NetworkGaps(BaseModel):
    """Support in the network's county today, by sector and kind, and the missing kinds."""

    network_id: UUID
    county_terc: str
    as_of: date
    offered: list[NetworkGapRead]
    missing: list[GapRead] = Field(
        description="what nobody in the county offers, of the four sectors of the model"
    )
