"""The entries of each register about each entity and year, and which lists
were obtained.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Table


class RegisterReport(Table, Versioned, table=True):
    """One entity in one register in one year; `entity_key` joins the rows of the
    two registers.
    """

    __tablename__ = "register_reports"
    __table_args__ = (
        UniqueConstraint(
            "kind", "year", "entity_key", "register", name="uq_register_reports_entity"
        ),
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint(
            # Reports are sent to the central application; the
            # voivodes' registers have none.
            "report_submitted_on IS NULL OR register = 'cas'",
            name="report_submitted_on",
        ),
        Index("ix_register_reports_county_terc", "county_terc", "kind", "year"),
        Index("ix_register_reports_institution_id", "institution_id"),
    )

    kind: str = Field(sa_type=Text)
    year: int
    # With an underscore: `register` is a method of every class that Pydantic makes.
    register_: str = Field(sa_type=Text, sa_column_kwargs={"name": "register"})
    entity_key: str = Field(sa_type=Text)
    entity_name: str = Field(sa_type=Text)
    county_terc: str = Field(sa_type=Text)
    # Stored for lists by voivodeship; computed, so that it cannot
    # contradict the county.
    voivodeship_terc: str = Field(
        sa_type=Text, sa_column_args=(Computed("left(county_terc, 2)", persisted=True),)
    )
    registered: bool = Field(
        default=True, sa_column_kwargs={"server_default": text("true")}
    )
    report_submitted_on: date | None = None
    institution_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.institutions.id"
    )


class RegisterCoverage(Table, table=True):
    """A statement of which list was obtained. The latest of a kind, year and register
    is valid; none is changed.
    """

    __tablename__ = "register_coverages"
    __table_args__ = (
        Index("ix_register_coverages_kind", "kind", "year", "register", "recorded_at"),
    )

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    kind: str = Field(sa_type=Text)
    year: int
    register_: str = Field(sa_type=Text, sa_column_kwargs={"name": "register"})
    coverage: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    stated_by: str = Field(sa_type=Text)
    recorded_at: datetime = Field(
        sa_type=DateTime(timezone=True),
        # Not `now()`: the later statement is valid, whichever transaction began first.
        sa_column_kwargs={"server_default": func.clock_timestamp()},
    )
