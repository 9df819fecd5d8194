"""Sums of minutes from elsewhere."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid
from sqlmodel import Field

from services.training.annulling import WHOLE_ANNULMENT, Annullable
from services.training.tables import Table


class HourTotal(Table, Annullable, table=True):
    """The minutes of a year, as a source sums them."""

    __tablename__ = "hour_totals"
    __table_args__ = (
        CheckConstraint(WHOLE_ANNULMENT, name="annulled_by"),
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        # A sum of nothing would be a year without training, and is left out.
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        # By this a second run of the same source finds its sums again.
        Index("uq_hour_totals_external_id", "source", "external_id", unique=True),
        Index("ix_hour_totals_year", "year", "id"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    year: int
    audience_role: str | None = Field(default=None, sa_type=Text)
    county_terc: str | None = Field(default=None, sa_type=Text)
    """None where the sum is of the whole country."""
    minutes: int
    is_lower_bound: bool
    """The source says "more than": the true sum is this or larger."""
    source: str = Field(sa_type=Text)
    external_id: str = Field(sa_type=Text)
