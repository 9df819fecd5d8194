"""Tombstones: who was erased."""

from datetime import datetime

from sqlalchemy import DateTime, LargeBinary, Text
from sqlmodel import Field

from services.casework.tables import Table


class Tombstone(Table, table=True):
    """Who was erased, as a digest: applied again after a restore, before anything is
    served.
    """

    __tablename__ = "tombstones"

    # Keyed: the table names nobody, even to whoever has the ids of people.
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    county_terc: str = Field(sa_type=Text)
    basis: str = Field(sa_type=Text)
    approved_by: str = Field(sa_type=Text)
    erased_at: datetime = Field(sa_type=DateTime(timezone=True))
