"""Bodies, and the rules by which they are composed."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.registry.tables import Dated, Table


class CompositionRule(Table, table=True):
    """Who must sit in a kind of body. Migrations write it, nobody else."""

    __tablename__ = "composition_rules"
    __table_args__ = (
        Index(
            # The default rule is used where none is named, so there must be only one.
            "uq_composition_rules_default",
            "body_kind",
            unique=True,
            postgresql_where=text("is_default"),
        ),
    )

    code: str = Field(primary_key=True, sa_type=Text)
    body_kind: str = Field(sa_type=Text)
    is_default: bool
    name_pl: str = Field(sa_type=Text)
    name_en: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)


class CompositionGroup(Table, table=True):
    """A group that a rule wants represented: by how many at least and at most."""

    __tablename__ = "composition_groups"
    __table_args__ = (
        CheckConstraint(
            # NULL is no limit: source 004 names no head-count for a regional platform.
            "0 <= minimum AND (maximum IS NULL OR minimum <= maximum)",
            name="head_count",
        ),
    )

    rule_code: str = Field(
        primary_key=True, sa_type=Text, foreign_key="registry.composition_rules.code"
    )
    code: str = Field(primary_key=True, sa_type=Text)
    position: int
    name_pl: str = Field(sa_type=Text)
    name_en: str = Field(sa_type=Text)
    minimum: int
    maximum: int | None = None
    of_institutions: bool
    delegating_kind: str | None = Field(default=None, sa_type=Text)


class Body(Table, Versioned, Dated, table=True):
    """A team or platform. At most one of a kind is open in its commune, county or voivodeship."""

    __tablename__ = "bodies"
    __table_args__ = (
        CheckConstraint(
            # A county in the row of a regional platform would let that county's editors
            # change it.
            "(kind = 'regional_cooperation_platform') = (county_terc IS NULL)",
            name="county_terc",
        ),
        CheckConstraint(
            "(kind = 'local_synergy_team') = (commune_terc IS NOT NULL)",
            name="commune_terc",
        ),
        # Lists filter by each of the codes, so all of them have to name one place.
        CheckConstraint(
            "left(county_terc, 2) = voivodeship_terc", name="voivodeship_terc"
        ),
        CheckConstraint(
            "left(commune_terc, 4) = county_terc", name="commune_of_county"
        ),
        CheckConstraint(
            "dissolved_on IS NULL OR founded_on <= dissolved_on", name="dissolved_on"
        ),
        # It decides between two foundings at once: before them there is no row to lock.
        Index(
            "uq_bodies_open",
            "kind",
            "seat_terc",
            unique=True,
            postgresql_where=text("dissolved_on IS NULL"),
        ),
        Index("ix_bodies_in_order", text(polish_index("registry", "name")), "id"),
        Index("ix_bodies_county_terc", "county_terc", "kind"),
        Index("ix_bodies_voivodeship_terc", "voivodeship_terc", "kind"),
        Index("ix_bodies_composition_rule", "composition_rule"),
        Index("ix_bodies_run_id", "run_id"),
    )

    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    voivodeship_terc: str = Field(sa_type=Text)
    county_terc: str | None = Field(default=None, sa_type=Text)
    commune_terc: str | None = Field(default=None, sa_type=Text)
    composition_rule: str = Field(
        sa_type=Text, foreign_key="registry.composition_rules.code"
    )
    run_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.process_runs.id"
    )
    founded_on: date
    dissolved_on: date | None = None
    dissolving_reason: str | None = Field(default=None, sa_type=Text)
    pillars: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": "{}"},
    )
    # One column for the unique index whatever the level: NULLs never count as equal.
    seat_terc: str = Field(
        sa_type=Text,
        sa_column_args=(
            Computed(
                "coalesce(commune_terc, county_terc, voivodeship_terc)", persisted=True
            ),
        ),
    )


CHANGED_NOW = {"version": Body.version + 1, "changed_at": func.now()}
"""What every change of a body sets beside its own values."""
