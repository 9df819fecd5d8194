"""What training asks of the registry, with an account of its own.

Which programme a location is of. Nothing is guessed: without a registry, or while it
does not answer, nobody is enrolled for a location.
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
# All but those that withdrew: a candidate's people are trained as well.
_TAKING_PART = ("candidate", "agreement_signed", "active", "completed")


# No more than is used: whatever else the registry tells may change freely.
class Site(BaseModel):
    """The two fields that are used."""

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
    """So many are asked for at once: as many as the registry gives."""

    def __init__(self, registry: Peer, account: Account) -> None:
        self._registry, self._account = registry, account

    async def find(self, site_id: UUID) -> Site | None:
        """A site; None where there is none."""
        token = await self._account.token()
        path = f"/v1/registry/sites/{site_id}"
        try:
            return await self._registry.get(path, Site, token=token)
        # Only this refusal says something of the site: others say something of us.
        except PeerRefused as refused:
            if refused.members["peer_code"] == "site_not_found":
                return None
            raise

    async def list_taking_part(self, programme_code: str) -> frozenset[UUID]:
        """The sites of a programme that have not withdrawn."""
        token = await self._account.token()
        path, more = f"/v1/registry/programmes/{programme_code}/sites", ""
        sites: set[UUID] = set()
        # Page by page to the end: a location that is left out would seem foreign.
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
    """What this process asks; None when no registry is set."""

    sites: Sites | None = None


async def site_is_of_programme(site_id: UUID, programme_code: str) -> bool:
    """Whether a location takes part in a programme.

    LocationUnchecked where nobody can say. To be called before the first write or lock
    of a transaction.
    """
    # A refusal and no guess: a wrong location would take another one's seats.
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


async def find_sites(programme_code: str) -> frozenset[UUID] | None:
    """The locations of a programme.

    None where the registry is not set or does not know them.
    """
    if _Connected.sites is None:
        return None
    try:
        return await _Connected.sites.list_taking_part(programme_code)
    # A count is shown without it: which locations nobody came from is then not said.
    except (UpstreamUnavailable, UpstreamTimeout, PeerRefused):
        return None


@contextmanager
def asking(sites: Sites) -> Iterator[None]:
    """In here, these sites are asked."""
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
