"""Calls to the registry and to screening, with a service account of casework.

Without an answer of the registry nothing is written. No request identifies a child.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel

from services.casework.problems import NoPlaceLeft, RegistrySilent, ServiceNotSuitable
from services.casework.settings import CaseworkSettings
from services.chassis.following.followers import LONGEST_ANSWER_SECONDS, Source
from services.chassis.ground.problems import (
    FieldError,
    Problem,
    ResourceBusy,
    UnknownReference,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from services.chassis.peers import Account, Peer, PeerRefused

REGISTRY_SCOPE = "registry:read registry:reserve"
SCREENING_SCOPE = "events:read screening:read"
MOST_HOSTS = 100
_ACTIVE_STATES = ("reserved", "taken")
Model = TypeVar("Model", bound=BaseModel)


class PeerPage(BaseModel, Generic[Model]):
    """A page of items."""

    items: list[Model]


class SupportService(BaseModel):
    """The fields of a support service that are checked before a referral."""

    id: UUID
    institution_id: UUID
    county_terc: str
    sector: str | None = None
    kind: str | None = None
    target_groups: list[str]
    age_from_months: int | None
    age_to_months: int | None
    eligibility_documents: list[str]
    free_places: int | None
    offered_from: date | None
    offered_to: date | None


class Reservation(BaseModel):
    """A reserved or taken place."""

    id: UUID
    version: int
    state: str


class Host(BaseModel):
    """An institution that performs a function."""

    id: UUID


class HeldFunction(BaseModel):
    """A function of an institution for a county."""

    county_terc: str


class ConfirmedScreening(BaseModel):
    """The fields of a screening from which a referral is made."""

    id: UUID
    state: str
    subject_ref: UUID
    county_terc: str
    institution_id: UUID | None
    outcome: str | None
    has_consent: bool | None
    submitted_at: datetime | None
    consent_recorded_at: datetime | None


class Place(NamedTuple):
    """A place of a service for a referral, identified by the ids of both."""

    service_id: UUID
    referral_id: UUID

    @property
    def path(self) -> str:
        """The path of the service's reservations."""
        return f"/v1/registry/support-services/{self.service_id}/reservations"


class Stay(NamedTuple):
    """Data about the person who needs a place; None is not checked."""

    expires_at: datetime
    age_months: int | None = None
    documents: Sequence[str] | None = None


class Registry:
    """Client of the registry: its support services and their places."""

    def __init__(self, peer: Peer, account: Account) -> None:
        self._peer, self._account = peer, account

    async def get_service(self, service_id: UUID) -> SupportService:
        """A support service; UnknownReference where it does not exist."""
        path = f"/v1/registry/support-services/{service_id}"
        return await self._get(path, SupportService)

    async def reserve(self, place: Place, stay: Stay, key: str) -> Reservation:
        """Reserve a place until it is taken or expires; the referral's own one is kept.

        Raises ServiceNotSuitable or NoPlaceLeft.
        """
        body = stay._asdict() | {"referral_reference": place.referral_id}
        return await self._post(place.path, key, body=body)

    async def take(self, place: Place, stay: Stay) -> Reservation:
        """Take the reserved place, or another; a repeated call takes no second one."""
        active = await self._list_reservations(place)
        # A new key: a stored answer could be about a place no longer reserved.
        reservation = (
            active[0] if active else await self.reserve(place, stay, str(uuid4()))
        )
        if reservation.state == "taken":
            return reservation
        return await self._move(place, reservation, "take")

    async def release(self, place: Place) -> None:
        """Release all places of the referral; does nothing where it has none."""
        for reservation in await self._list_reservations(place):
            await self._move(place, reservation, "release")

    async def has_lead_centre(self, county_terc: str, day: date) -> bool:
        """Whether a county has a lead coordination centre (WOKRO) on a day."""
        # Its institution may be in another county of the voivodeship.
        query = {"function": "wokro", "as_of": day.isoformat()}
        params = query | {"voivodeship_terc": county_terc[:2], "limit": str(MOST_HOSTS)}
        page = await self._get("/v1/registry/institutions", PeerPage[Host], **params)
        calls = [self._list_counties(host, day) for host in page.items]
        return any(county_terc in counties for counties in await asyncio.gather(*calls))

    async def _list_counties(self, host: Host, day: date) -> list[str]:
        path = f"/v1/registry/institutions/{host.id}/functions"
        model = PeerPage[HeldFunction]
        page = await self._get(path, model, kind="wokro", as_of=day.isoformat())
        return [function.county_terc for function in page.items]

    async def _list_reservations(self, place: Place) -> list[Reservation]:
        query = {"referral_reference": str(place.referral_id), "state": _ACTIVE_STATES}
        return (await self._get(place.path, PeerPage[Reservation], **query)).items

    async def _move(
        self, place: Place, reservation: Reservation, verb: str
    ) -> Reservation:
        path = f"{place.path}/{reservation.id}/{verb}"
        version = f'"{reservation.id}:{reservation.version}"'
        return await self._post(path, f"{reservation.id}-{verb}", if_match=version)

    async def _get(
        self, path: str, model: type[Model], **query: str | int | Sequence[str]
    ) -> Model:
        token = await self._account.token()
        with _explained():
            return await self._peer.get(path, model, token=token, **query)

    async def _post(
        self,
        path: str,
        key: str,
        *,
        body: Mapping[str, Any] | None = None,
        if_match: str | None = None,
    ) -> Reservation:
        more = {"key": key, "token": await self._account.token()}
        with _explained():
            return await self._peer.post(
                path, Reservation, **more, body=body, if_match=if_match
            )


_NOT_FOUND = FieldError("pointer", "/support_service_id", "not_found")
# Another request uses the same place at the moment: a retry may succeed.
_BUSY = {"request_in_progress", "version_mismatch", "state_conflict", "resource_busy"}
_MEANINGS: Mapping[str | None, Callable[[], Problem]] = {
    "support_service_not_found": partial(UnknownReference, _NOT_FOUND),
    "no_free_places": NoPlaceLeft,
    "service_does_not_fit": partial(ServiceNotSuitable, reasons=["not_for_child"]),
    "institution_closed": partial(ServiceNotSuitable, reasons=["not_offered"]),
    **dict.fromkeys(_BUSY, partial(ResourceBusy, retry_after=1)),
}


@contextmanager
def _explained() -> Iterator[None]:
    """Translate a refusal of the registry into casework's own problem."""
    try:
        yield
    except PeerRefused as refused:
        meaning = _MEANINGS.get(refused.members["peer_code"])
        if meaning is None:
            raise
        raise meaning() from None


class Screening:
    """Client of screening: the results that lead to referrals."""

    def __init__(self, peer: Peer, account: Account) -> None:
        self._peer, self._account = peer, account

    async def get_screening(self, screening_id: UUID) -> ConfirmedScreening:
        """The present state of a screening."""
        path = f"/v1/screening/screenings/{screening_id}"
        token = await self._account.token()
        return await self._peer.get(path, ConfirmedScreening, token=token)


class _Connected:
    """The clients of this process; None where a service is not configured."""

    registry: Registry | None = None
    screening: Screening | None = None


@contextmanager
def needing_registry() -> Iterator[Registry]:
    """Context with the registry's client; RegistrySilent without an answer."""
    if _Connected.registry is None:
        raise RegistrySilent()
    try:
        yield _Connected.registry
    except (UpstreamUnavailable, UpstreamTimeout):
        raise RegistrySilent() from None


def screening() -> Screening:
    """The client of screening; its feed is followed only where it is configured."""
    if _Connected.screening is None:
        raise UpstreamUnavailable()
    return _Connected.screening


@contextmanager
def asking(
    registry: Registry | None = None, screening: Screening | None = None
) -> Iterator[None]:
    """Context in which these clients are used."""
    before = _Connected.registry, _Connected.screening
    _Connected.registry, _Connected.screening = registry, screening
    try:
        yield
    finally:
        _Connected.registry, _Connected.screening = before


def _source(
    settings: CaseworkSettings, url: str | None, scope: str, seconds: float = 2.0
) -> Source | None:
    if url is None:
        return None
    account = Account(settings.oidc_token_url or "", settings.account, scope)
    return Source(Peer(url, seconds=seconds), account)


def feed_of_screening(settings: CaseworkSettings) -> Source | None:
    """The source of screening's events; None where screening is not configured."""
    url, seconds = settings.screening_url, LONGEST_ANSWER_SECONDS
    return _source(settings, url, SCREENING_SCOPE, seconds)


@asynccontextmanager
async def connected(settings: CaseworkSettings) -> AsyncIterator[None]:
    """Context in which the clients of the configured services are open."""
    registry = _source(settings, settings.registry_url, REGISTRY_SCOPE)
    results = _source(settings, settings.screening_url, SCREENING_SCOPE)
    try:
        with asking(
            Registry(*registry) if registry else None,
            Screening(*results) if results else None,
        ):
            yield
    finally:
        for client in (*(registry or ()), *(results or ())):
            await client.close()
