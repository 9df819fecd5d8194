"""Conferences."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Index, Text, Uuid, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Conference(Table, Versioned, table=True):
    """A conference of a programme, and how many of its places are taken."""

    __tablename__ = "conferences"
    __table_args__ = (
        CheckConstraint(
            "state IN ('planned', 'open', 'held', 'cancelled')", name="state"
        ),
        CheckConstraint("mode IN ('online', 'in_person', 'hybrid')", name="mode"),
        CheckConstraint("(mode = 'online') = (place IS NULL)", name="place"),
        CheckConstraint("starts_at < ends_at", name="ends_at"),
        CheckConstraint(
            "registration_opens_at < registration_closes_at"
            " AND registration_closes_at <= starts_at",
            name="registration",
        ),
        CheckConstraint("cardinality(audience) > 0", name="audience"),
        # No more people than places, also with concurrent registrations.
        CheckConstraint("registered BETWEEN 0 AND capacity", name="registered"),
        CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancel_reason"
        ),
        Index("ix_conferences_starts_at", "starts_at", "id"),
        Index("ix_conferences_programme_id", "programme_id"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    state: str = Field(
        default="planned", sa_type=Text, sa_column_kwargs={"server_default": "planned"}
    )
    mode: str = Field(sa_type=Text)
    place: str | None = Field(default=None, sa_type=Text)
    starts_at: datetime = Field(sa_type=DateTime(timezone=True))
    ends_at: datetime = Field(sa_type=DateTime(timezone=True))
    audience: list[str] = Field(sa_type=ARRAY(Text))
    capacity: int
    registered: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    waiting: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    registration_opens_at: datetime = Field(sa_type=DateTime(timezone=True))
    registration_closes_at: datetime = Field(sa_type=DateTime(timezone=True))
    is_open_to_outsiders: bool
    """Whether authorities outside the programme may come."""
    cancel_reason: str | None = Field(default=None, sa_type=Text)
    registrants_erased_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    """When its registrations were erased, of which only counts are left."""
