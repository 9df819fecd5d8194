"""Attendance of sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, func
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Attendance(Table, Versioned, table=True):
    """The minutes that one person attended of a session; 0 is an absence."""

    __tablename__ = "attendances"
    __table_args__ = (
        # 0 is an absence, which is recorded too: a list is signed with everybody on it.
        CheckConstraint("minutes >= 0", name="minutes"),
        Index("uq_attendances_trainee", "session_id", "trainee_id", unique=True),
        Index("ix_attendances_trainee_id", "trainee_id"),
        Index("ix_attendances_group_id", "group_id", "trainee_id"),
        Index("ix_attendances_created_at", "created_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    """The session's county, whose organiser keeps the list."""
    session_id: UUID = Field(sa_type=Uuid, foreign_key="training.sessions.id")
    # A copy of the session's: row-level security reads no other table.
    group_id: UUID = Field(sa_type=Uuid, foreign_key="training.groups.id")
    trainee_id: UUID = Field(sa_type=Uuid, foreign_key="training.trainees.id")
    minutes: int
    recorded_by: str = Field(sa_type=Text)


# Without a version: rows of a history are added and never changed.
class AttendanceCorrection(Table, table=True):
    """One correction of an attendance after its list was signed."""

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
    # A copy of the attendance's: row-level security reads no other table.
    group_id: UUID = Field(sa_type=Uuid)
    trainee_id: UUID = Field(sa_type=Uuid)
    minutes_before: int
    minutes: int
    reason: str = Field(sa_type=Text)
    corrected_by: str = Field(sa_type=Text)
    corrected_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
