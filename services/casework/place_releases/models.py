"""Places that must be released at the registry."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table


class PlaceRelease(Table, table=True):
    """The release of a place of a support service, whose referral has ended or is not
    written yet.
    """

    __tablename__ = "place_releases"
    __table_args__ = (Index("ix_place_releases_due_at", "due_at"),)

    # The referral is the key, so that its place has only one release.
    referral_id: UUID = Field(primary_key=True, sa_type=Uuid)
    county_terc: str = Field(sa_type=Text)
    support_service_id: UUID = Field(sa_type=Uuid)
    due_at: datetime = Field(sa_type=DateTime(timezone=True))
    """The time of the next call to the registry."""
    attempts: int = 0
    """Failed attempts since the last success."""
    given_back_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    """The time of the first successful release.

    It is repeated once, later, before the row is deleted.
    """
