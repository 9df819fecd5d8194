"""Imported sums of minutes."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid
from sqlmodel import Field

from services.training.annulling import WHOLE_ANNULMENT, Annullable
from services.training.tables import Table


class HourTotal(Table, Annullable, table=True):
    """The sum of one year's minutes from a source."""

    __tablename__ = "hour_totals"
    __table_args__ = (
        CheckConstraint(WHOLE_ANNULMENT, name="annulled_by"),
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        # Positive: a year without training has no row.
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        # The key by which an import finds a source's earlier sums.
        Index("uq_hour_totals_external_id", "source", "external_id", unique=True),
        Index("ix_hour_totals_year", "year", "id"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    year: int
    audience_role: str | None = Field(default=None, sa_type=Text)
    county_terc: str | None = Field(default=None, sa_type=Text)
    """None: the whole country."""
    minutes: int
    is_lower_bound: bool
    """The source says "more than": the true sum is at least this."""
    source: str = Field(sa_type=Text)
    external_id: str = Field(sa_type=Text)
