"""Corrections of conference attendance, and the counts kept after an erasure."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, func
from sqlmodel import Field

from services.training.tables import Table


# Without a version: rows are added, and deleted with the registration.
class ConferenceAttendanceCorrection(Table, table=True):
    """One correction: the former value, and why it was wrong."""

    __tablename__ = "conference_attendance_corrections"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('entered_wrongly', 'other_person', 'on_paper_list')",
            name="reason",
        ),
        Index(
            "ix_conference_attendance_corrections_registration_id",
            "registration_id",
            "id",
        ),
    )

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    # A copy of the registration's: row-level security reads no other table.
    county_terc: str = Field(sa_type=Text)
    registration_id: UUID = Field(
        sa_type=Uuid, foreign_key="training.conference_registrations.id"
    )
    had_attended: bool
    """The value before the correction, which reversed it."""
    reason: str = Field(sa_type=Text)
    corrected_by: str = Field(sa_type=Text)
    corrected_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )


class ConferenceCount(Table, table=True):
    """The counts of one audience, kept after the registrations were erased."""

    __tablename__ = "conference_counts"
    __table_args__ = (
        CheckConstraint("least(registered, attended, absent) >= 0", name="least"),
        CheckConstraint("attended + absent <= registered", name="registered"),
    )

    conference_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.conferences.id"
    )
    audience: str = Field(primary_key=True, sa_type=Text)
    registered: int
    attended: int
    absent: int
