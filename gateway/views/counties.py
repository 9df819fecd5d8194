"""/v1/views/counties/{terc}: the need of a county, and its capacity."""

from datetime import date

from pydantic import BaseModel, Field

from gateway.views.answering import Key, Query, View
from gateway.views.asking import Asking, Leg, Terms
from gateway.views.county_parts import (
    CountyCampaign,
    CountyNeeds,
    CountyNetwork,
    CountyResources,
    CountyWaiting,
    CoveredCampaigns,
    OpenCases,
    SupportOfKind,
)
from gateway.views.lists import Beginning, ask_for_first
from gateway.views.needs_and_capacity import side_by_side
from gateway.views.shapes import CountyCard, ViewBody

TERC = Key("terc", "[0-9]{4}", "TERYT code of the county", "2469")


class HoursOfRole(BaseModel):
    """Training of one audience role in the county."""

    audience_role: str | None = Field(description="null: groups, and all roles")
    minutes: int


class HoursByRole(BaseModel):
    """Training hours of staff in the county."""

    items: list[HoursOfRole]


class RunningGroup(BaseModel):
    """A training group that is open or running."""

    id: str
    code: str
    title: str
    state: str
    capacity: int
    seats_taken: int
    starts_on: date
    ends_on: date


class CountyView(ViewBody):
    """A county on one screen."""

    county: CountyCard
    support: list[SupportOfKind] = Field(
        description="need against capacity, by sector and kind"
    )
    cases: list[OpenCases] | None = Field(
        default=None, description="open cases by state, for who may read all of them"
    )
    inbound: CountyWaiting | None = Field(
        default=None, description="referrals to the county's coordination"
    )
    campaigns: list[CountyCampaign] | None = Field(
        default=None, description="who was screened and found positive"
    )
    has_older_campaigns: bool | None = Field(
        default=None, description="whether older campaigns are left out here"
    )
    resources: CountyResources | None = None
    network: CountyNetwork | None = Field(
        default=None, description="the open network; absent where there is none"
    )
    training_hours: HoursByRole | None = None
    training_groups: Beginning[RunningGroup] | None = None


async def view_county(ask: Asking, terc: str, _: Query) -> CountyView:
    """A county on one screen: need against capacity.

    `support` sets recommendations of plans and waiting referrals (casework) beside the
    services of the county and the free places of its network (registry), by sector and
    kind. Beside it stand the open cases, the children who were screened (screening),
    institutions and gaps (registry), and the staff who were trained (training). Each
    part is shown to callers who may read it at its own service; a county that does not
    exist is 404 `county-not-found`.
    """
    path, of_county = f"/counties/{terc}", {"county_terc": terc}
    leg = Leg("county", "registry", path, is_reference=True)
    county = ask.subject(leg, CountyCard)
    leg = Leg("resources", "registry", f"{path}/resources")
    resources = ask.part(leg, CountyResources)
    leg = Leg("network", "registry", f"{path}/network-gaps")
    network = ask.part(leg, CountyNetwork)
    needs = ask.part(Leg("needs", "casework", f"{path}/needs"), CountyNeeds)
    leg = Leg("campaigns", "screening", "/campaign-coverage", of_county)
    campaigns = ask.part(leg, CoveredCampaigns)
    by_role = {"by": "audience_role", **of_county}
    hours = ask.part(Leg("training_hours", "training", "/hours", by_role), HoursByRole)
    running: Terms = {**of_county, "state": ("open", "running"), "sort": "starts_on"}
    leg = Leg("training_groups", "training", "/groups", running)
    groups = ask_for_first(ask, leg, Beginning[RunningGroup])
    # First of all: if the county does not exist, nobody waits for the slowest part.
    card = await county
    county_needs, offer, coverage = await needs, await resources, await campaigns
    return CountyView(
        county=card,
        support=side_by_side(county_needs, offer, await network),
        cases=county_needs.cases if county_needs else None,
        inbound=county_needs.inbound if county_needs else None,
        campaigns=coverage.of_county() if coverage else None,
        has_older_campaigns=coverage.next_cursor is not None if coverage else None,
        resources=offer,
        network=await network,
        training_hours=await hours,
        training_groups=await groups,
    )


COUNTIES = View(
    "counties",
    TERC,
    view_county,
    CountyView,
    {
        "county": "registry:territories:read",
        "resources": "registry:resources:read",
        "network": "registry:networks:read",
        "cases": "casework:referrals:read",
        "inbound": "casework:referrals:read",
        "campaigns": "screening:statistics:read",
        "training_hours": "training:hours:read",
        "training_groups": "training:groups:read",
    },
)
