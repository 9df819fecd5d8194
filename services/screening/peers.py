"""The client of the registry: whether institutions exist, and their contact data.

It uses an account of its own with the scope `registry:read`: a caller's token may not
have this permission, and it has expired when the job of an import runs. Without a
configured registry, or without its answer, institutions are accepted unchecked.
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
# A short limit, because a screening can be recorded without this check.
SECONDS = 1.0
SECONDS_KNOWN = 600.0
"""How long a registered institution is cached: it stays registered, even when closed."""
SECONDS_WITHOUT = 10.0
"""How long no request is sent to a registry that did not answer."""
# Some megabytes; beyond this number the cache is emptied.
MOST_KNOWN = 50_000
# As many ids as fit into a URL, and fewer than a page of the registry can have.
MOST_AT_ONCE = 100

log = logger("peers")


class Institution(BaseModel):
    """An institution of the registry; only its id is used."""

    id: UUID


class InstitutionPage(BaseModel):
    """A page of registered institutions."""

    items: list[Institution]


class RegisteredContact(BaseModel):
    """The name, the address and the telephone number of an institution."""

    name: str
    street: str | None
    building: str | None
    postcode: str | None
    locality: str | None
    phone: str | None

    @property
    def address(self) -> str:
        """The address in one line; unknown parts are left out."""
        street = (self.street, self.building) if self.street else ()
        # In a village without streets the number follows the name of the village.
        number = None if self.street else self.building
        lines = (street, (self.postcode, self.locality, number))
        texts = [" ".join(part for part in line if part) for line in lines]
        return ", ".join(line for line in texts if line)


class ContactPage(BaseModel):
    """A page of institutions with their contact data."""

    items: list[RegisteredContact]


class Institutions:
    """The institutions of the registry, with a cache of the recently requested ones."""

    def __init__(self, registry: Peer, account: Account) -> None:
        self._registry, self._account = registry, account
        self._registered_until: dict[UUID, float] = {}
        self._silent_until = 0.0

    async def find_unknown(self, ids: Iterable[UUID | None]) -> frozenset[UUID]:
        """The ids of institutions that the registry does not have.

        Ids for which the registry gives no answer are not in the result.
        """
        # Not the wall clock: if it were set back, cached entries would not expire.
        now = time.monotonic()
        requested_ids = sorted(
            {
                institution_id
                for institution_id in ids
                if institution_id is not None
                and self._registered_until.get(institution_id, 0) < now
            }
        )
        unknown = set[UUID]()
        for start in range(0, len(requested_ids), MOST_AT_ONCE):
            if self._silent_until > time.monotonic():
                break
            batch = requested_ids[start : start + MOST_AT_ONCE]
            try:
                registered = await self._ask(batch)
            except Problem as problem:
                if remaining_seconds(SECONDS) <= 0:
                    raise  # the request itself ran out of time: no fault of the registry
                self._silent_until = time.monotonic() + SECONDS_WITHOUT
                log.warning(
                    "institutions are taken unasked",
                    problem=problem.slug(),
                    seconds=SECONDS_WITHOUT,
                )
                break
            self._remember(registered)
            unknown.update(set(batch) - registered)
        return frozenset(unknown)

    async def _ask(self, ids: list[UUID]) -> set[UUID]:
        token = await self._account.token()
        id_texts = [str(institution_id) for institution_id in ids]
        page = await self._registry.get(
            "/v1/registry/institutions",
            InstitutionPage,
            token=token,
            id=id_texts,
            fields="id",
            limit=MOST_AT_ONCE,
            # Closed institutions as well: an older screening may have been done in one.
            include_closed="true",
        )
        return {institution.id for institution in page.items}

    async def find_contact(self, institution_id: UUID) -> RegisteredContact | None:
        """The contact data of an institution; None for a closed one, or without an answer."""
        # Without an answer the page for parents has lines to write on, which is better
        # than no page.
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
        if len(self._registered_until) + len(registered) > MOST_KNOWN:
            self._registered_until.clear()
        self._registered_until |= dict.fromkeys(
            registered, time.monotonic() + SECONDS_KNOWN
        )


class _Connected:
    """The client of this process; None when no registry is configured."""

    # Of the process and not of the application: jobs use it, too, and they
    # have no request.
    institutions: Institutions | None = None


def asks_registry() -> bool:
    """Whether a registry is configured."""
    return _Connected.institutions is not None


async def find_unknown_institutions(ids: Iterable[UUID | None]) -> frozenset[UUID]:
    """The ids among these that the registry does not have, as far as it answers.

    Call it before the first write of a transaction.
    """
    institutions = _Connected.institutions
    return frozenset() if institutions is None else await institutions.find_unknown(ids)


async def find_contact(institution_id: UUID) -> RegisteredContact | None:
    """The contact data of an institution; None if the registry gives none."""
    institutions = _Connected.institutions
    return (
        None
        if institutions is None
        else await institutions.find_contact(institution_id)
    )


@asynccontextmanager
async def asking(institutions: Institutions) -> AsyncIterator[None]:
    """Use this client within the block."""
    previous, _Connected.institutions = _Connected.institutions, institutions
    try:
        yield
    finally:
        _Connected.institutions = previous


@asynccontextmanager
async def connected(settings: ScreeningSettings) -> AsyncIterator[None]:
    """Keep a client of the configured registry open for as long as the process runs."""
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
