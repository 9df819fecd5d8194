"""Households: people who live together."""

from sqlalchemy import Index, Text
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Household(Table, Versioned, table=True):
    """People who live together."""

    __tablename__ = "households"
    __table_args__ = (
        Index("ix_households_county_terc", "county_terc", "created_at", "id"),
    )

    # No address: it is sealed with the person.
    county_terc: str = Field(sa_type=Text)
