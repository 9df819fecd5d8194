"""The client of the registry, with the service's own account.

It finds the programme of a location. Without a registry, or while it does not answer,
nobody is enrolled for a location.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import UUID

from pydantic import BaseModel

from services.chassis.ground.problems import UpstreamTimeout, UpstreamUnavailable
from services.chassis.peers import Account, Peer, PeerRefused
from services.training.problems import LocationUnchecked
from services.training.settings import TrainingSettings

SCOPE = "registry:read"
# All states except withdrawn: people of candidates are trained as well.
_TAKING_PART = ("candidate", "agreement_signed", "active", "completed")


# Only the used fields, so that the registry's other fields may change.
class Site(BaseModel):
    """The fields of a site that are used."""

    programme_code: str
    status: str


class KnownSite(BaseModel):
    """A site in a list."""

    id: UUID


class SitePage(BaseModel):
    """A page of sites."""

    items: list[KnownSite]
    next_cursor: str | None


class Sites:
    """The registry's sites."""

    page = 200
    """The page size, which is the registry's maximum."""

    def __init__(self, registry: Peer, account: Account) -> None:
        self._registry, self._account = registry, account

    async def find(self, site_id: UUID) -> Site | None:
        """A site; None where there is none."""
        token = await self._account.token()
        path = f"/v1/registry/sites/{site_id}"
        try:
            return await self._registry.get(path, Site, token=token)
        # Only this refusal means an unknown site; others are about this service.
        except PeerRefused as refused:
            if refused.members["peer_code"] == "site_not_found":
                return None
            raise

    async def list_taking_part(self, programme_code: str) -> frozenset[UUID]:
        """The sites of a programme that have not withdrawn."""
        token = await self._account.token()
        path, more = f"/v1/registry/programmes/{programme_code}/sites", ""
        sites: set[UUID] = set()
        # All pages: a missing location would count as not of the programme.
        while True:
            page = await self._registry.get(
                path,
                SitePage,
                token=token,
                status=_TAKING_PART,
                fields="id",
                limit=self.page,
                **({"cursor": more} if more else {}),
            )
            sites |= {site.id for site in page.items}
            if page.next_cursor is None:
                return frozenset(sites)
            more = page.next_cursor


class _Connected:
    """The client of this process; None when no registry is set."""

    sites: Sites | None = None


async def site_is_of_programme(site_id: UUID, programme_code: str) -> bool:
    """Whether a location takes part in a programme.

    LocationUnchecked where the registry is not set or does not answer. To be called
    before the first write or lock of a transaction.
    """
    # Refused when unknown: a wrong location would take seats of another one.
    if _Connected.sites is None:
        raise LocationUnchecked()
    try:
        site = await _Connected.sites.find(site_id)
    except (UpstreamUnavailable, UpstreamTimeout):
        raise LocationUnchecked() from None
    return (
        site is not None
        and site.programme_code == programme_code
        and site.status in _TAKING_PART
    )


async def list_sites(programme_code: str) -> frozenset[UUID]:
    """The locations of a programme; empty where the registry does not know it.

    LocationUnchecked where the registry is not set or does not answer.
    """
    if _Connected.sites is None:
        raise LocationUnchecked()
    try:
        return await _Connected.sites.list_taking_part(programme_code)
    except (UpstreamUnavailable, UpstreamTimeout):
        raise LocationUnchecked() from None
    except PeerRefused as refused:
        if refused.members["peer_code"] == "programme_not_found":
            return frozenset()
        raise


async def find_sites(programme_code: str) -> frozenset[UUID] | None:
    """The locations of a programme.

    None where the registry is not set, does not answer, refuses or knows none.
    """
    try:
        return await list_sites(programme_code) or None
    # Counts are shown all the same, without the locations that have no people.
    except (LocationUnchecked, PeerRefused):
        return None


@contextmanager
def asking(sites: Sites) -> Iterator[None]:
    """Use this client of sites within the context."""
    before, _Connected.sites = _Connected.sites, sites
    try:
        yield
    finally:
        _Connected.sites = before


@asynccontextmanager
async def connected(settings: TrainingSettings) -> AsyncIterator[None]:
    """Stay connected to the configured registry for as long as the process runs."""
    if settings.registry_url is None:
        yield
        return
    registry = Peer(settings.registry_url)
    account = Account(settings.oidc_token_url or "", settings.account, SCOPE)
    try:
        with asking(Sites(registry, account)):
            yield
    finally:
        await registry.close()
        await account.close()
