"""Networks of counties."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Dated, Table


class Network(Table, Versioned, Dated, table=True):
    """The support network of a county; at most one is open."""

    __tablename__ = "networks"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint(
            "closed_on IS NULL OR founded_on <= closed_on", name="closed_on"
        ),
        Index("ix_networks_county_terc", "county_terc", "founded_on"),
        Index(
            # Unique among open networks only: a county keeps its closed ones.
            "uq_networks_open",
            "county_terc",
            unique=True,
            postgresql_where=text("closed_on IS NULL"),
        ),
    )

    county_terc: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    description: str | None = Field(default=None, sa_type=Text)
    founded_on: date
    closed_on: date | None = None
    closing_reason: str | None = Field(default=None, sa_type=Text)
