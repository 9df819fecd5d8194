"""Validators of groups."""

from uuid import UUID

from sqlalchemy import Index, Text, Uuid
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class GroupValidator(Table, Versioned, table=True):
    """An account that validates the outcomes of a group."""

    __tablename__ = "group_validators"
    __table_args__ = (
        Index("uq_group_validators_account", "group_id", "account", unique=True),
    )

    county_terc: str = Field(sa_type=Text)
    """The group's county."""
    group_id: UUID = Field(sa_type=Uuid, foreign_key="training.groups.id")
    account: str = Field(sa_type=Text)
    # An account and no trainer's id: a validator need not be a trainer.
    named_by: str = Field(sa_type=Text)
