"""Secret addresses of sessions."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Uuid
from sqlmodel import Field

from services.chassis.calendars.addresses import SecretAddress
from services.training.tables import Table


class SessionCalendar(Table, SecretAddress, table=True):
    """The secret address of a calendar: of a group's sessions, of a room's, or of the
    owner's own.
    """

    __tablename__ = "calendars"
    __table_args__ = (
        # Programs read by digest, every hour or more often.
        Index("uq_calendars_digest", "digest", unique=True),
        Index("ix_calendars_subject", "subject", "created_at", "id"),
        CheckConstraint("num_nonnulls(group_id, room_id) <= 1", name="of_one"),
    )

    # Both NULL: all sessions that the owner attends or gives.
    group_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.groups.id"
    )
    room_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="training.rooms.id"
    )
