"""Attendance of sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, func
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Attendance(Table, Versioned, table=True):
    """For how many minutes somebody attended a session; none is an absence."""

    __tablename__ = "attendances"
    __table_args__ = (
        # Nought is an absence: to sign a list, everybody has to be on it.
        CheckConstraint("minutes >= 0", name="minutes"),
        Index("uq_attendances_trainee", "session_id", "trainee_id", unique=True),
        Index("ix_attendances_trainee_id", "trainee_id"),
        Index("ix_attendances_group_id", "group_id", "trainee_id"),
        Index("ix_attendances_created_at", "created_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    """The session's county: whoever organises it keeps its list."""
    session_id: UUID = Field(sa_type=Uuid, foreign_key="training.sessions.id")
    # Beside the session's own: row-level security reads no other table.
    group_id: UUID = Field(sa_type=Uuid, foreign_key="training.groups.id")
    trainee_id: UUID = Field(sa_type=Uuid, foreign_key="training.trainees.id")
    minutes: int
    recorded_by: str = Field(sa_type=Text)


# Not versioned: a history is added to, and never changed.
class AttendanceCorrection(Table, table=True):
    """What was changed of an attendance after it had been signed."""

    __tablename__ = "attendance_corrections"
    __table_args__ = (
        CheckConstraint("minutes >= 0 AND minutes <> minutes_before", name="minutes"),
        Index("ix_attendance_corrections_attendance_id", "attendance_id", "id"),
    )

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    county_terc: str = Field(sa_type=Text)
    attendance_id: UUID = Field(sa_type=Uuid, foreign_key="training.attendances.id")
    # Beside the attendance's own: row-level security reads no other table.
    group_id: UUID = Field(sa_type=Uuid)
    trainee_id: UUID = Field(sa_type=Uuid)
    minutes_before: int
    minutes: int
    reason: str = Field(sa_type=Text)
    corrected_by: str = Field(sa_type=Text)
    corrected_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
