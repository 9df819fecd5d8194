"""Transfers of a case to another county."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid, text
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class CaseTransfer(Table, Versioned, table=True):
    """One county hands a case over; it moves when the other accepts it."""

    __tablename__ = "case_transfers"
    __table_args__ = (
        CheckConstraint("county_terc <> to_county_terc", name="to_county_terc"),
        CheckConstraint(
            "state IN ('proposed', 'accepted', 'declined', 'withdrawn')", name="state"
        ),
        Index(
            # Only of undecided ones: decided transfers stay as history.
            "uq_case_transfers_case_id",
            "case_id",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_case_transfers_county_terc", "county_terc", "created_at", "id"),
        Index("ix_case_transfers_to_county_terc", "to_county_terc", "created_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    """The county that hands it over."""
    to_county_terc: str = Field(sa_type=Text)
    case_id: UUID = Field(sa_type=Uuid, foreign_key="casework.cases.id")
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    # A copy, because after the acceptance the old county cannot read the case.
    case_number: str = Field(sa_type=Text)
    case_state: str = Field(sa_type=Text)
    """The state of the case before the transfer, to which it returns."""
    to_institution_id: UUID = Field(sa_type=Uuid)
    """The institution that is to coordinate it: the family's consent names it."""
    state: str = Field(sa_type=Text)
    proposed_by: str = Field(sa_type=Text)
    decided_by: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    reason: str | None = Field(default=None, sa_type=Text)
    declining_reason: str | None = Field(default=None, sa_type=Text)
    kept: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The old county's copy of its record of the case, sealed under the child's key."""
