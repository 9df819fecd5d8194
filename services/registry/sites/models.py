"""The table of sites."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.registry.tables import Dated, Table

_OPEN = "status IN ('candidate', 'agreement_signed', 'active')"


class Site(Table, Versioned, Dated, table=True):
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
        # NULL passes: a candidate may withdraw without ever having started.
        CheckConstraint("started_on <= ended_on", name="ended_after_started"),
        Index(
            "ix_sites_in_order",
            "programme_code",
            text(polish_index("registry", "name")),
            "id",
        ),
        Index("ix_sites_county_terc", "county_terc"),
        Index("ix_sites_agreement_id", "agreement_id"),
        Index("ix_sites_run_id", "run_id"),
        Index(
            # Several implementers may work in one county, each of
            # them once (source 000).
            "uq_sites_open_county",
            "programme_code",
            "county_terc",
            "implementer",
            unique=True,
            postgresql_where=text(f"site_level = 'county' AND {_OPEN}"),
        ),
        Index(
            # A commune takes part once, whatever its implementer. Locations have no
            # such index: one county may have several.
            "uq_sites_open_commune",
            "programme_code",
            "commune_terc",
            unique=True,
            postgresql_where=text(f"site_level = 'commune' AND {_OPEN}"),
        ),
    )

    programme_code: str = Field(sa_type=Text, foreign_key="registry.programmes.code")
    # A copy of the programme's level, which never changes: a partial index can only use
    # columns of its own row.
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
    signed_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    reason: str | None = Field(default=None, sa_type=Text)
