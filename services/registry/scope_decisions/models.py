"""The table of decisions on the scope of a test."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Dated, Table


class ScopeDecision(Table, Versioned, Dated, table=True):
    """The spheres tested at a site. A decision is valid when two different persons have
    signed for both parties.
    """

    __tablename__ = "scope_decisions"
    __table_args__ = (
        CheckConstraint("cardinality(spheres) > 0", name="spheres"),
        # While a signature is missing this is NULL, which does not violate the check.
        CheckConstraint("signed_by_coalition <> signed_by_project", name="two_people"),
        CheckConstraint(
            "(signed_by_coalition IS NULL) = (signed_by_coalition_at IS NULL)",
            name="signed_by_coalition_at",
        ),
        CheckConstraint(
            "(signed_by_project IS NULL) = (signed_by_project_at IS NULL)",
            name="signed_by_project_at",
        ),
        Index("ix_scope_decisions_site_id", "site_id"),
        Index(
            "uq_scope_decisions_current",
            "site_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    site_id: UUID = Field(sa_type=Uuid, foreign_key="registry.sites.id")
    spheres: list[int] = Field(sa_type=ARRAY(Integer))
    decided_on: date
    signed_by_coalition: str | None = Field(default=None, sa_type=Text)
    signed_by_coalition_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    signed_by_project: str | None = Field(default=None, sa_type=Text)
    signed_by_project_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    superseded_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
