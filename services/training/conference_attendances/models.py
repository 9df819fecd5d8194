"""Corrections of who came, and what is left of a conference's registrations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, func
from sqlmodel import Field

from services.training.tables import Table


# Not versioned: a history is added to, and goes with the registration.
class ConferenceAttendanceCorrection(Table, table=True):
    """What was said of somebody before, and why that was wrong."""

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
    # Beside the registration's own: row-level security reads no other table.
    county_terc: str = Field(sa_type=Text)
    registration_id: UUID = Field(
        sa_type=Uuid, foreign_key="training.conference_registrations.id"
    )
    had_attended: bool
    """What was said until then; since then the contrary."""
    reason: str = Field(sa_type=Text)
    corrected_by: str = Field(sa_type=Text)
    corrected_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )


class ConferenceCount(Table, table=True):
    """How many of an audience had a place and came, once nobody is known any more."""

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
