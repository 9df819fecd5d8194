"""Institutions, how they were before, and the functions they hold."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Float,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlmodel import Field, SQLModel

from services.chassis.data.tables import Versioned
from services.registry.tables import Dated, Table
from services.registry.territories.models import search_vector


class InstitutionFacts(SQLModel):
    """The facts about an institution at one time: columns of the current table and of
    the history table.
    """

    name: str = Field(sa_type=Text)
    type: str = Field(sa_type=Text)
    sector: str = Field(sa_type=Text)
    ownership: str | None = Field(default=None, sa_type=Text)
    reference_level: str | None = Field(default=None, sa_type=Text)
    county_terc: str = Field(sa_type=Text)
    commune_terc: str | None = Field(default=None, sa_type=Text)
    locality: str | None = Field(default=None, sa_type=Text)
    street: str | None = Field(default=None, sa_type=Text)
    building: str | None = Field(default=None, sa_type=Text)
    unit: str | None = Field(default=None, sa_type=Text)
    postcode: str | None = Field(default=None, sa_type=Text)
    post_office: str | None = Field(default=None, sa_type=Text)
    latitude: float | None = Field(default=None, sa_type=Float)
    longitude: float | None = Field(default=None, sa_type=Float)
    phone: str | None = Field(default=None, sa_type=Text)
    email: str | None = Field(default=None, sa_type=Text)
    website: str | None = Field(default=None, sa_type=Text)
    rspo: str | None = Field(default=None, sa_type=Text)
    regon: str | None = Field(default=None, sa_type=Text)
    nip: str | None = Field(default=None, sa_type=Text)
    krs: str | None = Field(default=None, sa_type=Text)
    running_body: str | None = Field(default=None, sa_type=Text)
    places: int | None = None
    enrolled: int | None = None
    # NULL means unknown, which is not the same as no.
    is_accessible: bool | None = None
    accessibility: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": "{}"},
    )
    opened_on: date | None = None
    closed_on: date | None = None
    closing_reason: str | None = Field(default=None, sa_type=Text)
    source: str = Field(
        default="manual", sa_type=Text, sa_column_kwargs={"server_default": "manual"}
    )
    # NULL for records entered by hand: NULLs are never equal, so many
    # rows may have none.
    source_key: str | None = Field(default=None, sa_type=Text)
    valid_from: date


SEARCHED = ("name", "locality", "street", "rspo", "regon")
"""The columns that `q=` looks into."""


class Institution(Table, Versioned, InstitutionFacts, table=True):
    """An institution as it is now."""

    __tablename__ = "institutions"
    __table_args__ = (
        UniqueConstraint("rspo", name="uq_institutions_rspo"),
        UniqueConstraint(
            "source", "source_key", name="uq_institutions_source_source_key"
        ),
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint(
            "commune_terc IS NULL OR left(commune_terc, 4) = county_terc",
            name="commune_terc",
        ),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
        CheckConstraint(
            "closed_on IS NULL OR opened_on IS NULL OR opened_on <= closed_on",
            name="closed_on",
        ),
        CheckConstraint(
            "reference_level IS NULL OR sector = 'health'", name="reference_level"
        ),
        Index("ix_institutions_in_order", "sort_name", "id"),
        # A county's institutions in the usual order, without sorting.
        Index("ix_institutions_county_in_order", "county_terc", "sort_name", "id"),
        Index("ix_institutions_type_in_order", "type", "sort_name", "id"),
        # Not unique: institutions of one running body may share its REGON and NIP.
        Index("ix_institutions_regon", "regon"),
        Index("ix_institutions_nip", "nip"),
        Index("ix_institutions_changed_at", "changed_at", "id"),
        Index("ix_institutions_search", "search", postgresql_using="gin"),
    )

    # Filled by triggers, so it is never missing; to add a generated column, PostgreSQL
    # would have to rewrite the full table.
    sort_name: str | None = Field(default=None, sa_type=Text(collation="C"))
    """`polish_key` of the name."""
    # Computed by PostgreSQL, so that no statement that writes a row can forget it.
    folded_name: str = Field(
        sa_type=Text,
        sa_column_args=(
            Computed(
                "translate(lower(name), 'ąćęłńóśźż', 'acelnoszz')", persisted=True
            ),
        ),
    )
    search: str = Field(sa_type=TSVECTOR, sa_column_args=(search_vector(*SEARCHED),))


class InstitutionHistory(Table, InstitutionFacts, table=True):
    """An institution as it was from `valid_from` until the day before `valid_to`."""

    __tablename__ = "institution_history"
    __table_args__ = (
        # Queries ask the history only for one day: for rows that had not ended by then.
        Index("ix_institution_history_valid_to", "valid_to", "institution_id"),
    )

    institution_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="registry.institutions.id"
    )
    # The version that was replaced: two changes of one version cannot both be stored.
    version: int = Field(primary_key=True)
    valid_to: date


class InstitutionFunction(Table, Versioned, Dated, table=True):
    """A function that an institution holds for a time, for one county."""

    __tablename__ = "institution_functions"
    __table_args__ = (
        # Never equal: a function that would never begin is deleted instead.
        CheckConstraint("held_to IS NULL OR held_from < held_to", name="held_to"),
        Index("ix_institution_functions_institution_id", "institution_id", "held_from"),
        Index("ix_institution_functions_county_terc", "county_terc", "kind"),
        Index("ix_institution_functions_legal_act_id", "legal_act_id"),
        Index("ix_institution_functions_body_id", "body_id"),
        Index(
            # A county may have several coordinating institutions, but only one of each
            # of these kinds.
            "uq_institution_functions_open",
            "county_terc",
            "kind",
            unique=True,
            postgresql_where=text("held_to IS NULL AND kind IN ('wokro', 'pckz')"),
        ),
    )

    institution_id: UUID = Field(sa_type=Uuid, foreign_key="registry.institutions.id")
    kind: str = Field(sa_type=Text)
    # Not always the institution's own: a county may give its function
    # to a host elsewhere.
    county_terc: str = Field(sa_type=Text)
    mode: str = Field(sa_type=Text)
    legal_basis: str | None = Field(default=None, sa_type=Text)
    legal_act_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.legal_acts.id"
    )
    held_from: date
    held_to: date | None = None
    ending_reason: str | None = Field(default=None, sa_type=Text)
    given_by: str = Field(sa_type=Text)
    # The centre whose host the institution is.
    body_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.bodies.id"
    )


FACTS = tuple(InstitutionFacts.model_fields)
"""The columns that the two tables share."""

CHANGED_NOW = {"version": Institution.version + 1, "changed_at": func.now()}
