"""Data of services about a county, in the form of the view."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from gateway.views.lists import Paged
from gateway.views.shapes import Text


class SupportCell(BaseModel):
    """A kind of support in a sector; null where casework does not know it."""

    sector: str | None
    kind: str | None


class PresenceInCounty(BaseModel):
    """The number of institutions of a sector in the county."""

    sector: str
    institutions: int


class OfferInCounty(SupportCell):
    """The offer of a county in one sector and of one kind."""

    services: int
    institutions: int
    capacity: int | None = Field(description="sum of those that are known")
    free_places: int | None = Field(description="sum of those that are known")
    capacity_unknown: int
    average_waiting_days: float | None
    stale: int = Field(description="services that nobody has verified for long")


class CountyResources(BaseModel):
    """The county's inventory today."""

    institutions: list[PresenceInCounty]
    offer: list[OfferInCounty]
    missing: list[SupportCell] = Field(description="what nobody in the county offers")


class NetworkShare(SupportCell):
    """The network's share of an offer."""

    services: int
    included_institutions: int
    included_services: int
    included_free_places: int | None
    included_capacity_unknown: int
    included_longest_waiting_days: int | None


class CountyNetwork(BaseModel):
    """The county's support network, and its share of the offer."""

    network_id: UUID
    as_of: date
    offered: list[NetworkShare]


class OpenCases(BaseModel):
    """The number of open cases in a state."""

    state: str
    cases: int


class CountyWaiting(BaseModel):
    """Open referrals, and how long people have waited for them to end."""

    open: int
    overdue: int
    average_days_waited: float | None
    longest_days_waited: int | None


class NeedOfKind(CountyWaiting, SupportCell):
    """The need in one sector and of one kind."""

    recommended: int = Field(
        description="recommendations of active plans that are not carried out yet"
    )


class CountyNeeds(BaseModel):
    """The needs of the children of a county today."""

    cases: list[OpenCases]
    inbound: CountyWaiting
    support: list[NeedOfKind]


class ReachedInCounty(BaseModel):
    """Progress of a county's children; null where nothing is published."""

    county_terc: str
    started: int | None
    complete: int | None
    positive: int | None
    selected: int | None
    stage_two_complete: int | None
    is_suppressed: bool


class _Campaign(BaseModel):
    id: UUID
    label: Text
    programme_code: str | None
    state: str
    is_live: bool = Field(description="as it is now; else as it was last released")
    released_at: datetime | None


class CountyCampaign(_Campaign):
    """A campaign, and the progress of the county's children in it."""

    reached: ReachedInCounty


class CoveredCampaign(_Campaign):
    """A campaign, and the progress of children by county."""

    counties: list[ReachedInCounty]


class CoveredCampaigns(Paged[CoveredCampaign]):
    """Campaigns that screen in the county."""

    def of_county(self) -> list[CountyCampaign]:
        """Each campaign with the one county of the request."""
        return [
            CountyCampaign(**campaign.model_dump(exclude={"counties"}), reached=reached)
            for campaign in self.items
            for reached in campaign.counties
        ]


class NeedAgainstCapacity(BaseModel):
    """The need as counted by casework; null where the caller may not see it."""

    recommended: int | None = None
    referrals_open: int | None = None
    referrals_overdue: int | None = None
    average_days_waited: float | None = None
    longest_days_waited: int | None = None


class SupportOfKind(NeedAgainstCapacity, SupportCell):
    """Need against capacity in one sector and of one kind."""

    services: int | None = Field(description="of the whole county")
    free_places: int | None = Field(
        description="of the whole county, as far as services tell them"
    )
    network_services: int | None = Field(description="of members of the network")
    network_free_places: int | None = Field(
        description="of members of the network, as far as they tell them"
    )
    network_capacity_unknown: int | None
    network_longest_waiting_days: int | None
