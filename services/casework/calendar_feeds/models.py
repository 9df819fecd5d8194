"""Calendar feeds: secret addresses of a person's dates; the feeds contain no names."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.calendars.addresses import SecretAddress


class CalendarFeed(Table, SecretAddress, table=True):
    """One address for calendar programs. Only the digest of its secret is kept."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        Index("uq_calendar_feeds_digest", "digest", unique=True),
        Index("ix_calendar_feeds_subject", "subject", "created_at", "id"),
    )


class CalendarEntry(Table, table=True):
    """What a feed has shown of a task, so that calendar programs learn when its day
    changes or it is gone.
    """

    __tablename__ = "calendar_entries"

    feed_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="casework.calendar_feeds.id"
    )
    task: str = Field(primary_key=True, sa_type=Text)
    title: str = Field(sa_type=Text)
    due_on: date
    starts_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    sequence: int = 0
    is_cancelled: bool = False
    changed_at: datetime = Field(sa_type=DateTime(timezone=True))
