"""Sessions of groups, and meetings of coordinators."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Index,
    Text,
    Uuid,
    func,
)
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Session(Table, Versioned, table=True):
    """A session of a group, or a meeting of coordinators, which has no group."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint("state IN ('planned', 'held', 'cancelled')", name="state"),
        CheckConstraint("mode IN ('online', 'on_site')", name="mode"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("starts_at < ends_at", name="ends_at"),
        # Minutes of training without breaks: at most the time between both instants.
        CheckConstraint(
            "minutes * interval '1 minute' <= ends_at - starts_at", name="minutes_fit"
        ),
        CheckConstraint(
            "group_id IS NOT NULL OR audience_role IS NOT NULL", name="audience"
        ),
        # The rules check this, too; the constraint covers writes that skip them.
        CheckConstraint("mode = 'on_site' OR room_id IS NULL", name="room"),
        CheckConstraint(
            "(attendance_signed_at IS NULL) = (attendance_signed_by IS NULL)"
            " AND (attendance_signed_at IS NULL OR state = 'held')",
            name="attendance_signed_at",
        ),
        CheckConstraint("(state = 'cancelled') = (reason IS NOT NULL)", name="reason"),
        CheckConstraint(
            "makes_up_for_id IS NULL OR (group_id IS NOT NULL AND makes_up_for_id <> id)",
            name="makes_up_for_id",
        ),
        Index("ix_sessions_makes_up_for_id", "makes_up_for_id"),
        Index("ix_sessions_group_id", "group_id", "starts_at"),
        Index("ix_sessions_room_id", "room_id", "starts_at"),
        Index("ix_sessions_starts_at", "starts_at", "id"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    group_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.groups.id"
    )
    module_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.programme_modules.id"
    )
    makes_up_for_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.sessions.id"
    )
    """The session that this one repeats, for those of the group who missed it."""
    county_terc: str = Field(sa_type=Text)
    """The session's county; for a group's session, the group's."""
    audience_role: str | None = Field(default=None, sa_type=Text)
    title: str = Field(sa_type=Text)
    starts_at: datetime = Field(sa_type=DateTime(timezone=True))
    ends_at: datetime = Field(sa_type=DateTime(timezone=True))
    minutes: int
    mode: str = Field(sa_type=Text)
    room_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.rooms.id"
    )
    state: str = Field(
        default="planned", sa_type=Text, sa_column_kwargs={"server_default": "planned"}
    )
    reason: str | None = Field(default=None, sa_type=Text)
    """Why it was cancelled."""
    attendance_signed_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    attendance_signed_by: str | None = Field(default=None, sa_type=Text)
    """Account of the trainer who signed."""


class SessionTrainer(Table, table=True):
    """A trainer or expert in a session."""

    __tablename__ = "session_trainers"
    __table_args__ = (Index("ix_session_trainers_trainer_id", "trainer_id"),)

    session_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.sessions.id"
    )
    trainer_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.trainers.id"
    )


# A separate table, so that queries of a session's trainers need not exclude these.
class SessionDeparture(Table, table=True):
    """A trainer or room taken out of a session; their calendars show it cancelled."""

    __tablename__ = "session_departures"
    __table_args__ = (
        CheckConstraint("kind IN ('trainer', 'room')", name="kind"),
        Index("ix_session_departures_object_id", "object_id", "left_at"),
    )

    session_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.sessions.id"
    )
    object_id: UUID = Field(primary_key=True, sa_type=Uuid)
    kind: str = Field(sa_type=Text)
    left_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
