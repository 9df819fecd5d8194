"""Reviews of proposed versions, and their recommendations."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class ConceptReview(Table, Versioned, table=True):
    """A partner's review of a version, or a workshop with local authorities."""

    __tablename__ = "concept_reviews"
    __table_args__ = (
        # All fields of one kind and none of the other.
        CheckConstraint(
            "CASE kind WHEN 'partner_review' THEN partner_id IS NOT NULL"
            " AND communes IS NULL AND counties IS NULL"
            " WHEN 'workshop_consultation' THEN partner_id IS NULL"
            " AND communes > 0 AND counties > 0 ELSE false END",
            name="kind",
        ),
        # Agreeing to a version reads all reviews of it and of earlier ones.
        Index("ix_concept_reviews_version_id", "version_id"),
        Index("ix_concept_reviews_held_on", "held_on", "id"),
        Index("ix_concept_reviews_partner_id", "partner_id"),
    )

    version_id: UUID = Field(sa_type=Uuid, foreign_key="training.programme_versions.id")
    kind: str = Field(sa_type=Text)
    partner_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.partners.id"
    )
    held_on: date
    communes: int | None = None
    counties: int | None = None
    summary: str = Field(sa_type=Text)


class ReviewRecommendation(Table, table=True):
    """One recommendation of a review, and what was decided about it."""

    __tablename__ = "review_recommendations"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'accepted', 'rejected')", name="state"),
        # A decision needs a reason, an instant and an account.
        CheckConstraint(
            "(state = 'open') = (reason IS NULL) AND (state = 'open')"
            " = (decided_at IS NULL) AND (state = 'open') = (decided_by IS NULL)",
            name="decided",
        ),
    )

    # Identified by its number in the review, as people quote it.
    review_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.concept_reviews.id"
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str = Field(sa_type=Text)
    state: str = Field(
        default="open", sa_type=Text, sa_column_kwargs={"server_default": "open"}
    )
    reason: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    decided_by: str | None = Field(default=None, sa_type=Text)
