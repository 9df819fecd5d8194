"""Tombstones: who was erased."""

from datetime import datetime

from sqlalchemy import DateTime, LargeBinary, Text
from sqlmodel import Field

from services.casework.tables import Table


class Tombstone(Table, table=True):
    """A digest of an erased person. After a restore the erasure is repeated, before the
    service answers requests.
    """

    __tablename__ = "tombstones"

    # A keyed digest: even somebody with a list of ids cannot learn who was erased.
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    county_terc: str = Field(sa_type=Text)
    basis: str = Field(sa_type=Text)
    approved_by: str = Field(sa_type=Text)
    erased_at: datetime = Field(sa_type=DateTime(timezone=True))
