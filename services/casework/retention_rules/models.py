"""How long records are kept, by county and by law."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class RetentionRule(Table, Versioned, table=True):
    """How many years after which event a kind of record is kept, and what happens then."""

    __tablename__ = "retention_rules"
    __table_args__ = (
        # No years in the code: each county's own list of records (JRWA) sets them.
        CheckConstraint("years BETWEEN 0 AND 100", name="years"),
        CheckConstraint(
            "record_kind IN ('early', 'pupil', 'wokro', 'without_case')",
            name="record_kind",
        ),
        CheckConstraint(
            "starts_with IN ('case_closed', 'of_age', 'registered')", name="starts_with"
        ),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="valid_to"),
        CheckConstraint("action IN ('erase', 'archive')", name="action"),
        Index(
            "ix_retention_rules_county_terc", "county_terc", "record_kind", "valid_from"
        ),
    )

    county_terc: str = Field(sa_type=Text)
    record_kind: str = Field(sa_type=Text)
    starts_with: str = Field(sa_type=Text)
    """The event from which the years are counted."""
    years: int
    action: str = Field(sa_type=Text)
    legal_basis: str = Field(sa_type=Text)
    valid_from: date
    valid_to: date | None = None
