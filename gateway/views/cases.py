"""/v1/views/cases/{id}: a child's case."""

from asyncio import Task
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from gateway.views.answering import Key, Query, View
from gateway.views.asking import Asking, Leg, Terms
from gateway.views.days import DueStep
from gateway.views.lists import MOST_SHOWN, Beginning, InstitutionName, get_names
from gateway.views.shapes import ViewBody

UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
CASE_ID = Key(
    "case_id",
    UUID_PATTERN,
    "id of the case; `GET /v1/casework/cases` tells of those there are",
    "01990000-0000-7000-8000-0000000000ca",
)


class CaseCard(BaseModel):
    """The case."""

    id: UUID
    version: int
    number: str
    county_terc: str
    person_id: UUID
    track: str
    state: str
    coordinator: str | None
    institution_id: UUID | None
    organiser_institution_id: UUID | None
    referral_id: UUID | None
    first_contact_on: date
    first_support_on: date | None
    opened_on: date
    review_due_on: date | None
    closed_on: date | None
    reason: str
    allowed: list[str] = Field(description="what may be done next with the case")


class ChildCard(BaseModel):
    """The child of the case."""

    id: UUID
    kind: str
    given_name: str | None
    family_name: str | None
    born_on: date | None
    expected_on: date | None


class TeamMember(BaseModel):
    """A member of the team of the case."""

    id: UUID
    display_name: str
    profession: str
    sector: str
    institution_id: UUID
    left_at: datetime | None


class Team(BaseModel):
    """The team, and the sectors that it still needs."""

    items: list[TeamMember]
    missing_sectors: list[str]


class PlanCard(BaseModel):
    """A version of the support plan."""

    id: UUID
    number: int
    state: str
    starts_on: date
    ends_on: date | None
    review_due_on: date | None
    changed_at: datetime


class CaseReferral(BaseModel):
    """A referral of the child, inbound or to a support service."""

    id: UUID
    direction: str
    state: str
    institution_id: UUID | None
    support_service_id: UUID | None
    sent_on: date
    due_on: date
    scheduled_at: datetime | None
    closed_at: datetime | None


class _Origin(BaseModel):
    screening_id: UUID | None


class CaseScreening(BaseModel):
    """The result that led to the referral: a suggestion, not a diagnosis."""

    screening_id: UUID
    state: str
    is_confirmed: bool
    outcome: str | None
    age_months: int
    instrument_code: str
    instrument_version: int
    scored_at: datetime


class CaseView(ViewBody):
    """A child's case on one screen."""

    case: CaseCard
    child: ChildCard | None = None
    team: Team | None = None
    plans: Beginning[PlanCard] | None = Field(
        default=None, description="versions of the plan, the newest first"
    )
    next_steps: Beginning[DueStep] | None = None
    referrals: Beginning[CaseReferral] | None = None
    screening: CaseScreening | None = Field(
        default=None, description="where the case follows from a screening"
    )
    institutions: list[InstitutionName] | None = Field(
        default=None, description="what the institutions of this answer are called"
    )


async def view_case(ask: Asking, case_id: str, _: Query) -> CaseView:
    """A child's case on one screen: case, child, team, plan, next steps, screening result.

    Each part as casework and screening show it to the caller; both write the access to
    their audit logs. Names of institutions come from the registry. A case that does not
    exist, or is not the caller's, is 404 `case-not-found`.
    """
    case = ask.subject(Leg("case", "casework", f"/cases/{case_id}"), CaseCard)
    team = ask.part(Leg("team", "casework", f"/cases/{case_id}/members"), Team)
    of_case: Terms = {"case_id": case_id, "limit": MOST_SHOWN}
    plans = ask.part(Leg("plans", "casework", "/plans", of_case), Beginning[PlanCard])
    steps = ask.part(
        Leg("next_steps", "casework", "/tasks", of_case), Beginning[DueStep]
    )
    referrals = ask.part(
        Leg("referrals", "casework", "/referrals", of_case), Beginning[CaseReferral]
    )
    child = ask.work("child", "casework", _get_child(ask, case))
    screening = ask.work("screening", "screening", _find_result(ask, case))
    card, members, referral_page = await case, await team, await referrals
    institution_ids = [card.institution_id, card.organiser_institution_id]
    institution_ids += [
        member.institution_id for member in (members.items if members else [])
    ]
    institution_ids += [
        referral.institution_id
        for referral in (referral_page.items if referral_page else [])
    ]
    return CaseView(
        case=card,
        team=members,
        referrals=referral_page,
        institutions=await get_names(ask, institution_ids),
        plans=await plans,
        next_steps=await steps,
        child=await child,
        screening=await screening,
    )


async def _get_child(ask: Asking, case: Task[CaseCard]) -> ChildCard:
    path = f"/people/{(await case).person_id}"
    return await ask.get(Leg("child", "casework", path), ChildCard)


async def _find_result(ask: Asking, case: Task[CaseCard]) -> CaseScreening | None:
    """The result that led to the referral; None where none did."""
    referral_id = (await case).referral_id
    if referral_id is None:
        return None
    # A part of its own: if it fails, casework is named as missing, and not screening.
    leg = Leg("screening", "casework", f"/referrals/{referral_id}")
    origin = await ask.part(leg, _Origin)
    if origin is None or origin.screening_id is None:
        return None
    leg = Leg("screening", "screening", f"/screenings/{origin.screening_id}/result")
    return await ask.get(leg, CaseScreening)


CASES = View(
    "cases",
    CASE_ID,
    view_case,
    CaseView,
    {
        "case": "casework:cases:read",
        "child": "casework:people:read",
        "team": "casework:cases:read",
        "plans": "casework:plans:read",
        "next_steps": "casework:tasks:read",
        "referrals": "casework:referrals:read",
        "screening": "screening:screenings:read",
        "institutions": "registry:institutions:read",
    },
    is_personal=True,
)
