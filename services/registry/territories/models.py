"""The territorial units of the official TERC file, all levels in one table."""

from datetime import date

from sqlalchemy import CheckConstraint, Computed, Index, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from services.chassis.web.polish import polish_index
from services.registry.tables import Table
from services.registry.territories.rules import MARKED, UNMARKED

# Not `unaccent`: generated columns and indexes accept only immutable functions.
FOLD = f"translate(lower({{column}}), '{MARKED}', '{UNMARKED}')"
"""`rules.folded` in SQL."""


def search_vector(*columns: str) -> Computed:
    """The generated column that `q=` searches."""
    joined = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
    # PostgreSQL has no Polish dictionary of its own; `simple` leaves words as they are.
    return Computed(
        f"to_tsvector('simple', {FOLD.format(column=f'({joined})')})", persisted=True
    )


class TerritorialUnit(Table, table=True):
    """A voivodeship (2 digits), county (4) or commune (7: with its kind)."""

    __tablename__ = "territorial_units"
    __table_args__ = (
        CheckConstraint("terc ~ '^[0-9]{2}([0-9]{2}([0-9]{3})?)?$'", name="terc"),
        CheckConstraint("urban_population <= population", name="urban_population"),
        Index("ix_territorial_units_level", "level", "terc"),
        Index(
            "ix_territorial_units_in_order",
            "level",
            text(polish_index("registry", "name")),
            "terc",
        ),
        Index("ix_territorial_units_parent_terc", "parent_terc"),
        Index("ix_territorial_units_search", "search", postgresql_using="gin"),
    )

    terc: str = Field(primary_key=True, sa_type=Text)
    level: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    # It follows from the code; as a column, its foreign key ensures that the
    # parent exists.
    parent_terc: str | None = Field(
        default=None, foreign_key="registry.territorial_units.terc", sa_type=Text
    )
    population: int | None = None
    urban_population: int | None = None
    population_on: date | None = None
    as_of: date
    removed_on: date | None = None
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    folded_name: str = Field(
        sa_type=Text,
        sa_column_args=(Computed(FOLD.format(column="name"), persisted=True),),
    )
    search: str = Field(
        sa_type=TSVECTOR, sa_column_args=(search_vector("name", "terc"),)
    )
