"""Requests of people about their data (GDPR, arts. 15 to 21), with their deadlines."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class DataSubjectRequest(Table, Versioned, table=True):
    """One request."""

    __tablename__ = "data_subject_requests"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('access', 'rectification', 'restriction', 'erasure',"
            " 'objection')",
            name="kind",
        ),
        CheckConstraint(
            "state IN ('received', 'extended', 'fulfilled', 'refused')", name="state"
        ),
        # In the order of the list: the requests due first are at the top.
        Index("ix_data_subject_requests_county_terc", "county_terc", "due_on", "id"),
        Index("ix_data_subject_requests_person_id", "person_id"),
    )

    county_terc: str = Field(sa_type=Text)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    requested_by_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.people.id"
    )
    kind: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    received_on: date
    due_on: date
    ended_on: date | None = None
    recorded_by: str = Field(sa_type=Text)
    decided_by: str | None = Field(default=None, sa_type=Text)
    lifted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    """For a fulfilled restriction: when it was lifted."""
    sealed: bytes = Field(sa_type=LargeBinary)
    """The text of the request and of the answer, sealed under the person's key."""
