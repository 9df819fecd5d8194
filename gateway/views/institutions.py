"""/v1/views/institutions/{id}: an institution, its offer, its waiting work."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from gateway.views.answering import Key, Query, View
from gateway.views.asking import Asking, Leg, Terms
from gateway.views.cases import UUID_PATTERN, CaseReferral
from gateway.views.days import UnconfirmedResult
from gateway.views.lists import Beginning, ask_for_first
from gateway.views.shapes import ViewBody

INSTITUTION_ID = Key(
    "institution_id",
    UUID_PATTERN,
    "id of the institution; `GET /v1/registry/institutions` tells of those there are",
    "01990000-0000-7000-8000-0000000000a1",
)
_OPEN = ("sent", "received", "accepted", "scheduled")


class InstitutionCard(BaseModel):
    """The institution."""

    id: UUID
    name: str
    type: str
    sector: str
    reference_level: str | None
    county_terc: str
    commune_terc: str | None
    locality: str | None
    street: str | None
    building: str | None
    postcode: str | None
    latitude: float | None
    longitude: float | None
    phone: str | None
    email: str | None
    website: str | None
    is_accessible: bool | None
    closed_on: date | None


class HeldFunction(BaseModel):
    """A function that the institution holds for a county."""

    kind: str
    mode: str
    county_terc: str
    held_from: date
    held_to: date | None


class OfferedService(BaseModel):
    """A support service of the institution."""

    id: UUID
    name: str
    kind: str
    sector: str
    target_groups: list[str]
    capacity: int | None
    free_places: int | None
    waiting_days: int | None
    verified_at: datetime


class NetworkMembership(BaseModel):
    """A network that the institution is in, or was proposed for."""

    network_id: UUID
    network_name: str
    network_county_terc: str
    role: str
    state: str
    state_since: date


class OfferedCapacity(BaseModel):
    """The capacity of all its services together, as far as they report it."""

    services: int
    capacity: int | None
    free_places: int | None
    capacity_unknown: int = Field(description="services that do not tell it")


class RunningProgramme(BaseModel):
    """A programme of its own, with its budget."""

    id: UUID
    name: str
    sector: str
    starts_on: date
    ends_on: date | None
    amount: str | None


class InstitutionView(ViewBody):
    """An institution on one screen."""

    institution: InstitutionCard
    functions: Beginning[HeldFunction] | None = None
    networks: Beginning[NetworkMembership] | None = Field(
        default=None, description="in which it is, or for which it was proposed"
    )
    services: Beginning[OfferedService] | None = None
    capacity: OfferedCapacity | None = Field(
        default=None, description="of these services; absent where there are more"
    )
    programmes: Beginning[RunningProgramme] | None = None
    open_referrals: Beginning[CaseReferral] | None = Field(
        default=None, description="that it sent or was asked by, and are not over"
    )
    unconfirmed_results: Beginning[UnconfirmedResult] | None = None


async def view_institution(
    ask: Asking, institution_id: str, _: Query
) -> InstitutionView:
    """An institution on one screen: data, offer, functions, and waiting work.

    Its description, functions, networks, support services with their capacity, and
    programmes come from the registry; open referrals (casework) and unconfirmed results
    (screening) are shown to callers who may read them there. An institution that does
    not exist is 404 `institution-not-found`.
    """
    path = f"/institutions/{institution_id}"
    institution = ask.subject(Leg("institution", "registry", path), InstitutionCard)
    functions = ask.part(
        Leg("functions", "registry", f"{path}/functions"), Beginning[HeldFunction]
    )
    current: Terms = {"state": ("proposed", "included")}
    leg = Leg("networks", "registry", f"{path}/memberships", current)
    networks = ask_for_first(ask, leg, Beginning[NetworkMembership])
    of_it = {"institution_id": institution_id}
    leg = Leg("services", "registry", "/support-services", of_it)
    services = ask_for_first(ask, leg, Beginning[OfferedService])
    leg = Leg("programmes", "registry", "/local-programmes", of_it)
    programmes = ask_for_first(ask, leg, Beginning[RunningProgramme])
    open_ones: Terms = {**of_it, "state": _OPEN, "sort": "due_on"}
    leg = Leg("open_referrals", "casework", "/referrals", open_ones)
    referrals = ask_for_first(ask, leg, Beginning[CaseReferral])
    scored = {**of_it, "state": "scored", "sort": "created_at"}
    leg = Leg("unconfirmed_results", "screening", "/screenings", scored)
    results = ask_for_first(ask, leg, Beginning[UnconfirmedResult])
    card, offer = await institution, await services
    return InstitutionView(
        institution=card,
        functions=await functions,
        networks=await networks,
        services=offer,
        capacity=_capacity_of(offer),
        programmes=await programmes,
        open_referrals=await referrals,
        unconfirmed_results=await results,
    )


def _capacity_of(
    services: Beginning[OfferedService] | None,
) -> OfferedCapacity | None:
    """The sums of the services; None where the list is not complete."""
    if services is None or services.has_more:
        return None
    capacities = [each.capacity for each in services.items]
    free = [each.free_places for each in services.items]
    return OfferedCapacity(
        services=len(services.items),
        capacity=_sum(capacities),
        free_places=_sum(free),
        capacity_unknown=capacities.count(None),
    )


def _sum(values: list[int | None]) -> int | None:
    numbers = [value for value in values if value is not None]
    return sum(numbers) if numbers else None


INSTITUTIONS = View(
    "institutions",
    INSTITUTION_ID,
    view_institution,
    InstitutionView,
    {
        "institution": "registry:institutions:read",
        "functions": "registry:institutions:read",
        "networks": "registry:networks:read",
        "services": "registry:support-services:read",
        "capacity": "registry:support-services:read",
        "programmes": "registry:local-programmes:read",
        "open_referrals": "casework:referrals:read",
        "unconfirmed_results": "screening:screenings:read",
    },
)
