"""Asks the registry whether institutions exist, and how they are called.

It asks with an account of its own, whose scope is `registry:read`: a caller's token may
not reach that far, and has ended when an import's job runs. Where no registry is set,
or it does not answer, institutions are accepted unchecked.
"""

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from uuid import UUID

from pydantic import BaseModel

from services.chassis.ground.correlation import remaining_seconds
from services.chassis.ground.logs import logger
from services.chassis.ground.problems import Problem
from services.chassis.peers import Account, Peer
from services.screening.settings import ScreeningSettings

SCOPE = "registry:read"
# A screening does not wait longer for a check that it can do without.
SECONDS = 1.0
SECONDS_KNOWN = 600.0
"""An institution that was once registered stays so, closed or not."""
SECONDS_WITHOUT = 10.0
"""So long nobody waits again for a registry that did not answer."""
# Some megabytes; beyond it everything is forgotten and asked again.
MOST_KNOWN = 50_000
# As many ids as still fit into an address, and fewer than a page of the registry holds.
MOST_AT_ONCE = 100

log = logger("peers")


class Institution(BaseModel):
    """The one field that is used."""

    id: UUID


class InstitutionPage(BaseModel):
    """A page of registered institutions."""

    items: list[Institution]


class RegisteredContact(BaseModel):
    """Where an institution is, and how it is called."""

    name: str
    street: str | None
    building: str | None
    postcode: str | None
    locality: str | None
    phone: str | None

    @property
    def address(self) -> str:
        """The address in one line; what is not known is left out."""
        street = (self.street, self.building) if self.street else ()
        # A village without streets has numbers alone, after its name.
        number = None if self.street else self.building
        lines = (street, (self.postcode, self.locality, number))
        said = [" ".join(part for part in line if part) for line in lines]
        return ", ".join(line for line in said if line)


class ContactPage(BaseModel):
    """A page of institutions as they are found and called."""

    items: list[RegisteredContact]


class Institutions:
    """The registry's institutions, as far as they were asked for lately."""

    def __init__(self, registry: Peer, account: Account) -> None:
        self._registry, self._account = registry, account
        self._known: dict[UUID, float] = {}
        self._silent_until = 0.0

    async def find_unknown(self, ids: Iterable[UUID | None]) -> frozenset[UUID]:
        """The ids that are registered nowhere.

        Without an answer of the registry no id is unknown.
        """
        # Not the wall clock: set back, it would keep what is known for ever.
        now = time.monotonic()
        asked = sorted(
            {one for one in ids if one is not None and self._known.get(one, 0) < now}
        )
        unknown = set[UUID]()
        for start in range(0, len(asked), MOST_AT_ONCE):
            if self._silent_until > time.monotonic():
                break
            some = asked[start : start + MOST_AT_ONCE]
            try:
                registered = await self._ask(some)
            except Problem as problem:
                if remaining_seconds(SECONDS) <= 0:
                    raise  # the request had no time, which says nothing of the registry
                self._silent_until = time.monotonic() + SECONDS_WITHOUT
                log.warning(
                    "institutions are taken unasked",
                    problem=problem.slug(),
                    seconds=SECONDS_WITHOUT,
                )
                break
            self._remember(registered)
            unknown.update(set(some) - registered)
        return frozenset(unknown)

    async def _ask(self, ids: list[UUID]) -> set[UUID]:
        token = await self._account.token()
        asked = [str(one) for one in ids]
        page = await self._registry.get(
            "/v1/registry/institutions",
            InstitutionPage,
            token=token,
            id=asked,
            fields="id",
            limit=MOST_AT_ONCE,
            # A screening of last year may have been done where nobody works any more.
            include_closed="true",
        )
        return {one.id for one in page.items}

    async def find_contact(self, institution_id: UUID) -> RegisteredContact | None:
        """Where an institution is; None of a closed one, or without an answer."""
        # Without an answer the page has lines to write on, which is better than no page.
        try:
            page = await self._registry.get(
                "/v1/registry/institutions",
                ContactPage,
                token=await self._account.token(),
                id=[str(institution_id)],
                fields=",".join(RegisteredContact.model_fields),
                limit=1,
            )
        except Problem as problem:
            log.warning("a contact is left out", problem=problem.slug())
            return None
        return next(iter(page.items), None)

    def _remember(self, registered: set[UUID]) -> None:
        if len(self._known) + len(registered) > MOST_KNOWN:
            self._known.clear()
        self._known |= dict.fromkeys(registered, time.monotonic() + SECONDS_KNOWN)


class _Connected:
    """What this process asks; None when no registry is set."""

    # Of the process and not of the application: jobs ask, too, and have no request.
    institutions: Institutions | None = None


def asks_registry() -> bool:
    """Whether a registry is set here."""
    return _Connected.institutions is not None


async def find_unknown_institutions(ids: Iterable[UUID | None]) -> frozenset[UUID]:
    """The institutions among these that are registered nowhere, as far as the registry
    can be asked.

    To be called before the first write of a transaction.
    """
    institutions = _Connected.institutions
    return frozenset() if institutions is None else await institutions.find_unknown(ids)


async def find_contact(institution_id: UUID) -> RegisteredContact | None:
    """Where an institution is and how it is called, as far as the registry says so."""
    institutions = _Connected.institutions
    return (
        None
        if institutions is None
        else await institutions.find_contact(institution_id)
    )


@asynccontextmanager
async def asking(institutions: Institutions) -> AsyncIterator[None]:
    """Within this block, these institutions are asked."""
    before, _Connected.institutions = _Connected.institutions, institutions
    try:
        yield
    finally:
        _Connected.institutions = before


@asynccontextmanager
async def connected(settings: ScreeningSettings) -> AsyncIterator[None]:
    """Stay connected to the configured registry for as long as the process runs."""
    if settings.registry_url is None:
        yield
        return
    registry = Peer(settings.registry_url, seconds=SECONDS)
    account = Account(settings.oidc_token_url or "", settings.account, SCOPE)
    try:
        async with asking(Institutions(registry, account)):
            yield
    finally:
        await registry.close()
        await account.close()
