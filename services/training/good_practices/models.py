"""Good practices."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.training.tables import Table


class GoodPractice(Table, Versioned, table=True):
    """A practice of an authority, or of a county of the cross-sector support model."""

    __tablename__ = "good_practices"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint(
            "state IN ('identified', 'described', 'reviewed', 'published')",
            name="state",
        ),
        CheckConstraint(
            "state = 'identified' OR described_by IS NOT NULL", name="described_by"
        ),
        # Author and reviewer differ, also for writes that skip the code's check.
        CheckConstraint("reviewed_by <> described_by", name="reviewed_by"),
        CheckConstraint(
            # A published practice has a reviewer.
            "state NOT IN ('reviewed', 'published') OR reviewed_by IS NOT NULL",
            name="reviewed_by_somebody",
        ),
        CheckConstraint(
            "(state = 'published') = (published_on IS NOT NULL)", name="published_on"
        ),
        Index("ix_good_practices_county_terc", "county_terc", "changed_at", "id"),
        Index("ix_good_practices_authority_id", "authority_id"),
        Index("ix_good_practices_changed_at", "changed_at", "id"),
        Index(
            "ix_good_practices_in_order",
            text(polish_index("training", "title_pl")),
            "id",
        ),
    )

    county_terc: str = Field(sa_type=Text)
    authority_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.authorities.id"
    )
    """None for a county's practice."""
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    topic: str = Field(sa_type=Text)
    state: str = Field(
        default="identified",
        sa_type=Text,
        sa_column_kwargs={"server_default": "identified"},
    )
    identified_by: str = Field(sa_type=Text)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    """The texts in both languages, by field of the template."""
    described_by: str | None = Field(default=None, sa_type=Text)
    described_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    reviewed_by: str | None = Field(default=None, sa_type=Text)
    reviewed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    review_note: str | None = Field(default=None, sa_type=Text)
    published_on: date | None = None
