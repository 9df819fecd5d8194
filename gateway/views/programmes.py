"""/v1/views/programmes/{code}: the progress of a programme."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from gateway.views.answering import Key, Query, View
from gateway.views.asking import Asking, Leg, Terms
from gateway.views.lists import MOST_SHOWN, Beginning
from gateway.views.shapes import Text, ViewBody

CODE = Key("code", "[A-Z][A-Z0-9-]{1,31}", "code of the programme", "MWM")


class ProgrammeCard(BaseModel):
    """The programme."""

    code: str
    label: Text
    funder: str | None
    operator: str | None
    starts_on: date | None
    ends_on: date | None
    site_level: str
    planned_sites: int | None


class SitesOfStatus(BaseModel):
    """Sites of one status, and the number of their counties."""

    status: str
    sites: int
    distinct_counties: int


class SitesAtStep(BaseModel):
    """The number of sites that reached a step."""

    code: str
    position: int
    label: Text
    done: int
    skipped: int


class ProgrammeSites(BaseModel):
    """The programme's sites in numbers."""

    sites: int
    locations: int
    distinct_counties: int
    by_status: list[SitesOfStatus]
    steps: list[SitesAtStep]


class PeopleOfSites(BaseModel):
    """Whether the sites have the people that they need."""

    sites: int
    required: int
    present: int
    missing: int
    lacking_sites: int


class ProgrammePeople(BaseModel):
    """Coordinators and animators today."""

    as_of: date
    totals: PeopleOfSites


class TrainedParts(BaseModel):
    """All groups, locations or teams of a programme."""

    total: int
    complete: int
    people: int


class ProgrammeTraining(BaseModel):
    """The participants of its training."""

    people: int
    groups: TrainedParts
    locations: TrainedParts | None
    teams: TrainedParts | None
    is_complete: bool


class IndicatorTarget(BaseModel):
    """A target of the programme; its progress is at the indicator."""

    id: UUID
    code: str
    kind: str
    title_pl: str
    title_en: str
    target: int
    target_female: int | None
    target_male: int | None


class ReachedByCampaign(BaseModel):
    """Progress of children in all counties that publish it."""

    started: int | None
    complete: int | None
    positive: int | None
    selected: int | None
    stage_two_complete: int | None
    stage_one_counties: int
    stage_two_counties: int


class ProgrammeCampaign(BaseModel):
    """A campaign of the programme."""

    id: UUID
    label: Text
    state: str
    opened_on: date | None
    closed_on: date | None
    is_live: bool
    in_all: ReachedByCampaign


class ProgrammeView(ViewBody):
    """A programme on one screen."""

    programme: ProgrammeCard
    sites: ProgrammeSites | None = None
    people: ProgrammePeople | None = None
    campaigns: Beginning[ProgrammeCampaign] | None = None
    training: ProgrammeTraining | None = Field(
        default=None, description="absent where it trains nobody"
    )
    indicators: Beginning[IndicatorTarget] | None = None


async def view_programme(ask: Asking, code: str, _: Query) -> ProgrammeView:
    """A programme on one screen: its sites and their steps, people, campaigns, training.

    Sites and people come from the registry, published numbers of its campaigns from
    screening, groups and indicators from training. A programme that does not exist is
    404 `programme-not-found`.
    """
    path = f"/programmes/{code}"
    programme = ask.subject(Leg("programme", "registry", path), ProgrammeCard)
    sites = ask.part(Leg("sites", "registry", f"{path}/statistics"), ProgrammeSites)
    of_it = {"programme": code}
    people = ask.part(
        Leg("people", "registry", "/appointments/coverage", of_it), ProgrammePeople
    )
    leg = Leg("campaigns", "screening", "/campaign-coverage", {"programme_code": code})
    campaigns = ask.part(leg, Beginning[ProgrammeCampaign])
    training = ask.part(
        Leg("training", "training", f"{path}/composition"), ProgrammeTraining
    )
    targets: Terms = {**of_it, "limit": MOST_SHOWN}
    indicators = ask.part(
        Leg("indicators", "training", "/indicators", targets),
        Beginning[IndicatorTarget],
    )
    return ProgrammeView(
        programme=await programme,
        sites=await sites,
        people=await people,
        campaigns=await campaigns,
        training=await training,
        indicators=await indicators,
    )


PROGRAMMES = View(
    "programmes",
    CODE,
    view_programme,
    ProgrammeView,
    {
        "programme": "registry:programmes:read",
        "sites": "registry:programmes:read",
        "people": "registry:appointments:read",
        "campaigns": "screening:statistics:read",
        "training": "training:groups:read",
        "indicators": "training:indicators:read",
    },
)
