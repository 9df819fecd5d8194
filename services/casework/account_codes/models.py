"""Codes that join an account to a person: handed over in person, used once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class AccountCode(Table, Versioned, table=True):
    """A code that joins one account to one person, once. Only its digest is kept."""

    __tablename__ = "account_codes"
    __table_args__ = (
        # The only way to find a row: the caller knows nothing but the code.
        Index("uq_account_codes_digest", "digest", unique=True),
        Index("ix_account_codes_person_id", "person_id"),
    )

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    digest: bytes = Field(sa_type=LargeBinary)
    issued_by: str = Field(sa_type=Text)
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    used_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    withdrawn_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
