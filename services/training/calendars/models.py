"""Secret addresses of sessions."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Uuid
from sqlmodel import Field

from services.chassis.calendars.addresses import SecretAddress
from services.training.tables import Table


class SessionCalendar(Table, SecretAddress, table=True):
    """One address that a calendar program asks: of a group's sessions, of those in
    a room, or of the owner's own.
    """

    __tablename__ = "calendars"
    __table_args__ = (
        # Programs ask by it every hour or oftener.
        Index("uq_calendars_digest", "digest", unique=True),
        Index("ix_calendars_subject", "subject", "created_at", "id"),
        CheckConstraint("num_nonnulls(group_id, room_id) <= 1", name="of_one"),
    )

    # Both NULL is of all sessions that the owner attends or gives.
    group_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.groups.id"
    )
    room_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.rooms.id"
    )
