"""Break-glass: one child's records for an hour, with a reason,
reviewed by somebody else.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class BreakGlass(Table, Versioned, table=True):
    """One access outside the ordinary relations."""

    __tablename__ = "break_glass"
    __table_args__ = (
        # A second safeguard: nobody reviews an access of their own.
        CheckConstraint(
            "reviewed_by IS NULL OR reviewed_by <> subject", name="reviewed_by"
        ),
        CheckConstraint("verdict IN ('justified', 'not_justified')", name="verdict"),
        Index("ix_break_glass_county_terc", "county_terc", "opened_at", "id"),
        Index("ix_break_glass_subject", "subject", "opened_at"),
        Index("ix_break_glass_person_id", "person_id"),
    )

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    subject: str = Field(sa_type=Text)
    institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    reason_code: str = Field(sa_type=Text)
    opened_at: datetime = Field(sa_type=DateTime(timezone=True))
    ends_at: datetime = Field(sa_type=DateTime(timezone=True))
    reviewed_by: str | None = Field(default=None, sa_type=Text)
    reviewed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    verdict: str | None = Field(default=None, sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    """The reason in words, and the reviewer's, sealed under the child's key."""
