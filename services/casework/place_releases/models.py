"""What is owed to the registry: places of referrals that have ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table


class PlaceRelease(Table, table=True):
    """A referral that has ended, or is not written yet, and whose place of a support
    service is to be given back.
    """

    __tablename__ = "place_releases"
    __table_args__ = (Index("ix_place_releases_due_at", "due_at"),)

    # The referral is the key: its place is owed once, however often that is said.
    referral_id: UUID = Field(primary_key=True, sa_type=Uuid)
    county_terc: str = Field(sa_type=Text)
    support_service_id: UUID = Field(sa_type=Uuid)
    due_at: datetime = Field(sa_type=DateTime(timezone=True))
    """When the registry is asked next."""
    attempts: int = 0
    """Failed ones since it was last given back."""
    given_back_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    """When nothing was held any more.

    It is looked at once more, later, before it is forgotten.
    """
