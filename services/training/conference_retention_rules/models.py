"""Retention rules of conferences."""

from datetime import date

from sqlalchemy import CheckConstraint, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class ConferenceRetentionRule(Table, Versioned, table=True):
    """For how many months after a conference its registrations are kept."""

    __tablename__ = "conference_retention_rules"
    __table_args__ = (
        # The months are data: the organiser's records schedule sets them.
        CheckConstraint("months BETWEEN 0 AND 1200", name="months"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="valid_to"),
        # On each day at most one rule, even if two are added at once.
        ExcludeConstraint(
            (text("daterange(valid_from, valid_to, '[]')"), "&&"),
            name="ex_conference_retention_rules_days",
        ),
    )

    months: int
    legal_basis: str = Field(sa_type=Text)
    valid_from: date
    valid_to: date | None = None
