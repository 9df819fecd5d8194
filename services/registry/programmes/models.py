"""The table of programmes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.tables import Table


class Programme(Table, table=True):
    """A programme; facts that no source names are null."""

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint("code ~ '^[A-Z][A-Z0-9-]{1,31}$'", name="code"),
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on",
            name="ends_on",
        ),
        Index("ix_programmes_process_code", "process_code"),
    )

    # Not `Versioned`: sites, addresses and people name a programme by its code, so it
    # has no other key.
    code: str = Field(primary_key=True, sa_type=Text)
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    created_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    changed_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    name_pl: str = Field(sa_type=Text)
    name_en: str = Field(sa_type=Text)
    funder: str | None = Field(default=None, sa_type=Text)
    operator: str | None = Field(default=None, sa_type=Text)
    starts_on: date | None = None
    ends_on: date | None = None
    process_code: str | None = Field(
        default=None, sa_type=Text, foreign_key="registry.processes.code"
    )
    site_level: str = Field(sa_type=Text)
    needs_agreement: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    needs_coordinator: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    planned_sites: int | None = None
    animators_per_site: int | None = None
    spheres: list[int] = Field(
        default_factory=list,
        sa_type=ARRAY(Integer),
        sa_column_kwargs={"server_default": "{}"},
    )
