"""Outreach metrics."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from services.training.annulling import WHOLE_ANNULMENT, Annullable
from services.training.tables import Table


class OutreachMetric(Table, Annullable, table=True):
    """The value of a metric on a day."""

    __tablename__ = "outreach_metrics"
    __table_args__ = (
        CheckConstraint(WHOLE_ANNULMENT, name="annulled_by"),
        CheckConstraint("value >= 0", name="value"),
        Index(
            # Of two values recorded for one day at once, this refuses the second.
            "uq_outreach_metrics_as_of",
            "programme_id",
            "metric",
            "as_of",
            unique=True,
            # Partial: an annulled value does not block its day.
            postgresql_where=text("annulled_by IS NULL"),
        ),
        Index("ix_outreach_metrics_as_of", "as_of", "id"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    metric: str = Field(sa_type=Text)
    # Views of a clip can exceed an integer.
    value: int = Field(sa_type=BigInteger)
    as_of: date
    source: str = Field(sa_type=Text)
    """Where the value was read."""
