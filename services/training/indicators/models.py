"""Indicators, and values reported from other sources."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.annulling import WHOLE_ANNULMENT, Annullable
from services.training.tables import Table


class Indicator(Table, Versioned, table=True):
    """A target of a programme."""

    __tablename__ = "indicators"
    __table_args__ = (
        CheckConstraint("kind IN ('output', 'result')", name="kind"),
        CheckConstraint(
            "measure IN ('supported_staff', 'raised_competences',"
            " 'advised_authorities', 'held_conferences', 'conference_attendees',"
            " 'recorded')",
            name="measure",
        ),
        CheckConstraint("target > 0", name="target"),
        # Both parts or none, and their sum is the target.
        CheckConstraint(
            "(target_female IS NULL) = (target_male IS NULL)"
            " AND target_female + target_male = target",
            name="target_by_sex",
        ),
        Index("uq_indicators_code", "programme_id", "code", unique=True),
        Index("ix_indicators_changed_at", "changed_at", "id"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    code: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    measure: str = Field(sa_type=Text)
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    target: int
    target_female: int | None = None
    target_male: int | None = None


class IndicatorValue(Table, Annullable, table=True):
    """A value that is reported for a day, in addition to the computed one."""

    __tablename__ = "indicator_values"
    __table_args__ = (
        CheckConstraint("total >= 0", name="total"),
        CheckConstraint(
            "(female IS NULL) = (male IS NULL) AND female + male = total",
            name="by_sex",
        ),
        CheckConstraint(WHOLE_ANNULMENT, name="annulled_by"),
        Index(
            "uq_indicator_values_as_of",
            "indicator_id",
            "as_of",
            unique=True,
            # Partial: an annulled value does not block its day.
            postgresql_where=text("annulled_by IS NULL"),
        ),
    )

    indicator_id: UUID = Field(sa_type=Uuid, foreign_key="training.indicators.id")
    as_of: date
    total: int
    female: int | None = None
    male: int | None = None
    source: str = Field(sa_type=Text)
