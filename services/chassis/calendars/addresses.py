"""Secret addresses: whoever knows one reads what its owner may see. Only the digest of a secret is kept."""

import hashlib
import secrets
from datetime import datetime
from typing import Literal, NamedTuple, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field
from pydantic_core import to_json
from sqlalchemy import DateTime, LargeBinary, Text, insert
from sqlmodel import Field as Column

from services.chassis.data.tables import Versioned, rows_of
from services.chassis.data.work import Change
from services.chassis.ground.problems import Problem
from services.chassis.trust.callers import kept_caller

CalendarLanguage = Literal["pl", "en"]


class SecretAddress(Versioned):
    """The columns of an address that a calendar program asks."""

    subject: str = Column(sa_type=Text)
    requester: str = Column(sa_type=Text)
    """What the caller was allowed when the address was made, as JSON: it shows no more than that."""
    language: str = Column(sa_type=Text)
    digest: bytes = Column(sa_type=LargeBinary)
    revoked_at: datetime | None = Column(default=None, sa_type=DateTime(timezone=True))


class AddressRead(BaseModel):
    """An address as it is listed, without its secret: that was shown once."""

    id: UUID
    version: int
    language: CalendarLanguage
    created_at: datetime
    revoked_at: datetime | None


class AddressShown(BaseModel):
    """The address itself, which is not shown again."""

    address: str = Field(
        description="where a calendar program finds it; whoever knows it sees the dates, so it is kept like a password"
    )


Address = TypeVar("Address", bound=SecretAddress)


class Kind(NamedTuple):
    """What is missing where an address is not there, and what its owner's addresses are called."""

    missing: type[Problem]


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


async def open_address(
    change: Change, model: type[Address], **values: object
) -> tuple[Address, str]:
    """A new address of the caller's, with the rights of this moment, and its secret."""
    secret = secrets.token_hex(32)
    statement = insert(model).values(
        subject=change.caller.subject,
        requester=to_json(kept_caller(change.caller)).decode(),
        digest=digest_of(secret),
        **values,
    )
    row = await change.one(statement.returning(*rows_of(model).c))
    return model(**row._mapping), secret
