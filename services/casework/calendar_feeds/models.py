"""Calendar feeds: secret addresses of a person's dates, without a name in them."""

from datetime import datetime

from sqlalchemy import DateTime, Index, LargeBinary, Text
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class CalendarFeed(Table, Versioned, table=True):
    """One address that a calendar program asks. Only the digest of its secret is kept."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (Index("uq_calendar_feeds_digest", "digest", unique=True),)

    subject: str = Field(sa_type=Text)
    requester: str = Field(sa_type=Text)
    """What the caller was allowed when the feed was made, as JSON: it shows no more than that."""
    language: str = Field(sa_type=Text)
    digest: bytes = Field(sa_type=LargeBinary)
    revoked_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
