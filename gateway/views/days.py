"""/v1/views/me: a person's day."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from gateway.views.answering import Query, View
from gateway.views.asking import Asking, Leg, Terms
from gateway.views.county_parts import CoveredCampaigns
from gateway.views.lists import (
    Beginning,
    InstitutionName,
    ask_for_first,
    get_whole,
)
from gateway.views.shapes import Text, ViewBody


class Me(BaseModel):
    """The caller, as in their token."""

    subject: str
    roles: list[str]
    counties: list[str] = Field(description="TERYT codes; `*` for all")
    institution_id: UUID | None


class DueStep(BaseModel):
    """A step that is due by a day."""

    id: str
    kind: str
    title_pl: str
    title_en: str
    case_id: UUID | None
    case_number: str | None
    county_terc: str
    due_on: date
    is_overdue: bool
    is_mine: bool = Field(description="whether the caller is to act")
    link: str = Field(description="address of what it follows from")


class OverdueReferral(BaseModel):
    """A referral that somebody has waited for too long."""

    id: UUID
    direction: str
    state: str
    county_terc: str
    institution_id: UUID | None
    sent_on: date
    due_on: date


class UnconfirmedResult(BaseModel):
    """A screening whose result no person has confirmed yet."""

    id: UUID
    version: int
    campaign_id: UUID | None
    stage: int | None
    instrument_code: str
    county_terc: str
    institution_id: UUID | None
    administered_on: date | None
    outcome: str | None


class WaitingForStageTwo(BaseModel):
    """A campaign in which selected children have not completed stage two."""

    campaign_id: UUID
    label: Text
    county_terc: str
    selected: int
    stage_two_complete: int


class StaleOffer(BaseModel):
    """A support service whose description nobody has verified for long."""

    id: UUID
    version: int
    name: str
    institution_id: UUID
    institution_name: str
    county_terc: str
    verified_at: datetime


class OpenCheckIn(BaseModel):
    """A check-in that has to be written, or decided on."""

    id: UUID
    version: int
    authority_id: UUID
    authority_name: str
    kind: str
    number: int
    due_on: date
    state: str
    is_late: bool


class MyDay(ViewBody):
    """A person's day."""

    me: Me
    institution: InstitutionName | None = None
    due_steps: Beginning[DueStep] | None = None
    overdue_referrals: Beginning[OverdueReferral] | None = None
    unconfirmed_results: Beginning[UnconfirmedResult] | None = None
    selections: list[WaitingForStageTwo] | None = Field(
        default=None, description="of own counties, for who reads their screenings"
    )
    stale_offers: Beginning[StaleOffer] | None = None
    check_ins: Beginning[OpenCheckIn] | None = None


async def view_my_day(ask: Asking, _key: str, _: Query) -> MyDay:
    """A person's day: work waiting in all services, the most urgent first.

    Steps that are due (casework, `/tasks`), referrals that are overdue, results that
    nobody has confirmed (screening), children who wait for stage two, offers that
    nobody has verified for long (registry) and check-ins (training). Of each list the
    first twenty items; a list that the caller may not read is left out.
    """
    leg = Leg("due_steps", "casework", "/tasks")
    steps = ask_for_first(ask, leg, Beginning[DueStep])
    late = {"overdue": "true", "sort": "due_on"}
    leg = Leg("overdue_referrals", "casework", "/referrals", late)
    referrals = ask_for_first(ask, leg, Beginning[OverdueReferral])
    scored = {"state": "scored", "sort": "created_at"}
    leg = Leg("unconfirmed_results", "screening", "/screenings", scored)
    results = ask_for_first(ask, leg, Beginning[UnconfirmedResult])
    campaigns = ask.work("selections", "screening", _get_covered(ask))
    leg = Leg("stale_offers", "registry", "/support-services/stale")
    offers = ask_for_first(ask, leg, Beginning[StaleOffer])
    unfinished = {"state": ("draft", "submitted", "returned")}
    leg = Leg("check_ins", "training", "/check-ins", unfinished)
    check_ins = ask_for_first(ask, leg, Beginning[OpenCheckIn])
    own = ask.claims.institution_id
    leg = Leg("institution", "registry", f"/institutions/{own}", is_reference=True)
    institution = ask.part(leg, InstitutionName) if own else None
    unconfirmed, coverage = await results, await campaigns
    if unconfirmed is None and coverage is not None:
        _name_selections(ask)
    is_screening = unconfirmed is not None and coverage is not None
    return MyDay(
        me=_me(ask),
        institution=await institution if institution else None,
        due_steps=await steps,
        overdue_referrals=await referrals,
        unconfirmed_results=unconfirmed,
        selections=_waiting(ask, coverage) if is_screening and coverage else None,
        stale_offers=await offers,
        check_ins=await check_ins,
    )


def _me(ask: Asking) -> Me:
    claims = ask.claims
    return Me(
        subject=claims.subject,
        roles=sorted(claims.roles),
        counties=sorted(claims.counties),
        institution_id=claims.institution_id,
    )


def _name_selections(ask: Asking) -> None:
    """Mark the selections as missing where the list of results has failed."""
    ask.missing += [
        missing.model_copy(update={"part": "selections"})
        for missing in ask.missing
        if missing.part == "unconfirmed_results"
    ]


async def _get_covered(ask: Asking) -> CoveredCampaigns:
    """The open campaigns that screen in the caller's own counties, all of them."""
    own = sorted(ask.claims.counties - {"*"})
    if not own:
        return CoveredCampaigns(items=[])
    of_own: Terms = {"state": "open", "county_terc": own}
    leg = Leg("selections", "screening", "/campaign-coverage", of_own)
    return await get_whole(ask, leg, CoveredCampaigns)


def _waiting(ask: Asking, coverage: CoveredCampaigns) -> list[WaitingForStageTwo]:
    """Own counties in which selected children have not completed stage two."""
    own = ask.claims.counties
    return [
        WaitingForStageTwo(
            campaign_id=campaign.id,
            label=campaign.label,
            county_terc=county.county_terc,
            selected=county.selected,
            stage_two_complete=county.stage_two_complete,
        )
        for campaign in coverage.items
        for county in campaign.counties
        if county.county_terc in own
        and county.selected is not None
        and county.stage_two_complete is not None
        and county.selected > county.stage_two_complete
    ]


MY_DAY = View(
    "me",
    None,
    view_my_day,
    MyDay,
    {
        "institution": "registry:institutions:read",
        "due_steps": "casework:tasks:read",
        "overdue_referrals": "casework:referrals:read",
        "unconfirmed_results": "screening:screenings:read",
        "selections": "screening:screenings:read",
        "stale_offers": "registry:support-services:read-stale",
        "check_ins": "training:authority-work:read",
    },
    is_personal=True,
)
