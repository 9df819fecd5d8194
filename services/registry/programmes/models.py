"""Programmes, their sites, and the decisions on the scope of a test."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.tables import Versioned
from services.registry.tables import Table

_OPEN = "status IN ('candidate', 'agreement_signed', 'active')"


class Programme(Table, table=True):
    """A programme; what no source says of it is null."""

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint("code ~ '^[A-Z][A-Z0-9-]{1,31}$'", name="code"),
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on",
            name="ends_on",
        ),
        Index("ix_programmes_process_code", "process_code"),
    )

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


class Site(Table, Versioned, table=True):
    """A county, commune or location in a programme."""

    __tablename__ = "sites"
    __table_args__ = (
        CheckConstraint(
            "commune_terc IS NULL OR left(commune_terc, 4) = county_terc",
            name="commune_terc",
        ),
        CheckConstraint(
            "(status IN ('completed', 'withdrawn')) = (ended_on IS NOT NULL)",
            name="ended_on",
        ),
        CheckConstraint(
            "status NOT IN ('active', 'completed') OR started_on IS NOT NULL",
            name="started_on",
        ),
        CheckConstraint("started_on <= ended_on", name="ended_after_started"),
        Index("ix_sites_programme_code", "programme_code", "name", "id"),
        Index("ix_sites_county_terc", "county_terc"),
        Index("ix_sites_agreement_id", "agreement_id"),
        Index("ix_sites_run_id", "run_id"),
        Index(
            "uq_sites_open_county",
            "programme_code",
            "county_terc",
            "implementer",
            unique=True,
            postgresql_where=text(f"site_level = 'county' AND {_OPEN}"),
        ),
        Index(
            "uq_sites_open_commune",
            "programme_code",
            "commune_terc",
            unique=True,
            postgresql_where=text(f"site_level = 'commune' AND {_OPEN}"),
        ),
    )

    programme_code: str = Field(sa_type=Text, foreign_key="registry.programmes.code")
    site_level: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    county_terc: str = Field(sa_type=Text)
    commune_terc: str | None = Field(default=None, sa_type=Text)
    implementer: str = Field(sa_type=Text)
    status: str = Field(
        default="candidate",
        sa_type=Text,
        sa_column_kwargs={"server_default": "candidate"},
    )
    agreement_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.agreements.id"
    )
    run_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.process_runs.id"
    )
    started_on: date | None = None
    ended_on: date | None = None
    reason: str | None = Field(default=None, sa_type=Text)


class ScopeDecision(Table, Versioned, table=True):
    """What of the model is tested at a site; it counts when two different persons have signed for both parties."""

    __tablename__ = "scope_decisions"
    __table_args__ = (
        CheckConstraint("cardinality(spheres) > 0", name="spheres"),
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
