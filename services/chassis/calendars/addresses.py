"""Secret addresses: whoever knows one reads what its owner may see. Only the digest of
a secret is kept.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Annotated, Literal, NamedTuple, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field
from pydantic_core import from_json, to_json
from sqlalchemy import DateTime, LargeBinary, Text, func, insert, select, update
from sqlmodel import Field as Column
from sqlmodel import col

from services.chassis.data.tables import Versioned, rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored, require_version
from services.chassis.ground.problems import Problem, StateConflict
from services.chassis.trust.callers import caller_kept, kept_caller
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing

CalendarLanguage = Literal["pl", "en"]


class SecretAddress(Versioned):
    """The columns of an address that a calendar program asks."""

    subject: str = Column(sa_type=Text)
    requester: str = Column(sa_type=Text)
    """The caller's rights when it was made, as JSON: it never shows more."""
    language: str = Column(sa_type=Text)
    digest: bytes = Column(sa_type=LargeBinary)
    revoked_at: datetime | None = Column(default=None, sa_type=DateTime(timezone=True))


class AddressRead(BaseModel):
    """An address without its secret, which was shown once."""

    id: UUID
    version: int
    language: CalendarLanguage
    created_at: datetime
    revoked_at: datetime | None


ShownAddress = Annotated[
    str,
    Field(
        description="where a calendar program finds it; whoever knows it sees the dates,"
        " so it is kept like a password"
    ),
]
"""The address itself, which is not shown again."""
Address = TypeVar("Address", bound=SecretAddress)


class AddressStore(NamedTuple):
    """How a service stores addresses: its table, its read model, and the problem where
    there is none.

    To programs a revoked address is as unknown as one that never existed.
    """

    table: type[SecretAddress]
    read: type[AddressRead]
    missing: type[Problem]

    def shown(self, address: SecretAddress) -> Stored:
        """An address as its owner sees it."""
        body = self.read.model_validate(address.model_dump())
        return Stored(address.id, address.version, body.model_dump_json())


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()


async def open_address(
    change: Change, table: type[Address], **values: object
) -> tuple[Address, str]:
    """A new address of the caller's, with the rights of this moment, and its secret."""
    secret = secrets.token_hex(32)
    statement = insert(table).values(
        subject=change.caller.subject,
        requester=to_json(kept_caller(change.caller)).decode(),
        digest=_digest(secret),
        **values,
    )
    row = await change.one(statement.returning(*rows_of(table).c))
    return table(**row._mapping), secret


def _own(reading: Reading, store: AddressStore) -> Rows:
    columns = rows_of(store.table)
    statement: Rows = select(columns)
    return statement.where(columns.c.subject == reading.caller.subject)


def list_addresses(reading: Reading, store: AddressStore) -> Listed:
    """The caller's own addresses, the newest first."""
    columns = rows_of(store.table).c
    wire = {name: columns[name] for name in store.read.model_fields}
    order = {"created_at": columns.created_at}
    listing = Listing(wire, order, "-created_at", columns.id)
    return Listed(listing, _own(reading, store))


async def get_address(reading: Reading, store: AddressStore, key: UUID) -> Stored:
    """One of the caller's own addresses."""
    statement = _own(reading, store).where(col(store.table.id) == key)
    return store.shown(await reading.instance(store.table, statement, store.missing))


async def lock_secret(
    change: Change, table: type[Address], secret: str, missing: type[Problem]
) -> Address:
    """The address with this secret; from now on the change acts for its owner, with the
    rights stored in it.
    """
    statement = (
        select(rows_of(table))
        .where(col(table.digest) == _digest(secret), col(table.revoked_at).is_(None))
        .with_for_update()
    )
    address = await change.instance(table, statement, missing)
    await change.act_for(caller_kept(from_json(address.requester)))
    return address


async def revoke_address(
    change: Change, store: AddressStore, key: UUID, version: int
) -> SecretAddress:
    """Revoke one of the caller's own addresses."""
    locking = _own(change, store).where(col(store.table.id) == key).with_for_update()
    address = await change.instance(store.table, locking, store.missing)
    require_version(address.version, version)
    if address.revoked_at is not None:
        raise StateConflict(state="revoked", allowed=[])
    statement = update(store.table).where(col(store.table.id) == key)
    statement = statement.values(
        revoked_at=func.now(), version=store.table.version + 1, changed_at=func.now()
    )
    row = await change.one(statement.returning(*rows_of(store.table).c))
    return store.table(**row._mapping)
