"""Rooms."""

from sqlalchemy import (
    CheckConstraint,
    Index,
    Text,
    text,
)
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.training.tables import Table


class Room(Table, Versioned, table=True):
    """A room, with one session at a time."""

    __tablename__ = "rooms"
    __table_args__ = (
        # Voivodeship and county by TERYT, two digits each.
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint("seats > 0", name="seats"),
        Index("ix_rooms_in_order", text(polish_index("training", "name")), "id"),
        Index("ix_rooms_county_terc", "county_terc"),
    )

    county_terc: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    address: str = Field(sa_type=Text)
    seats: int
    is_step_free: bool
