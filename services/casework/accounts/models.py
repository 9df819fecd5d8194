"""Accounts of guardians and pupils: which token belongs to which person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, Uuid, text
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Account(Table, Versioned, table=True):
    """The account that a person signs in with."""

    __tablename__ = "accounts"
    __table_args__ = (
        Index(
            # Only accounts that have not ended: an ended one may be joined anew. A
            # guardian of children in two counties has a record in each,
            # and one account.
            "uq_accounts_subject_in_county",
            "subject",
            "county_terc",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_accounts_person_id", "person_id"),
    )

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    subject: str = Field(sa_type=Text)
    joined_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
