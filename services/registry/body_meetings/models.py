"""Meetings of bodies: planned, held or cancelled."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, and_, func
from sqlmodel import Field

from services.chassis.data.tables import Versioned, rows_of
from services.registry.tables import Dated, Table


class BodyMeeting(Table, Versioned, Dated, table=True):
    """A meeting of a body: planned, then held or cancelled."""

    __tablename__ = "body_meetings"
    __table_args__ = (
        # No state is stored: it follows from these two columns, which
        # cannot both be set.
        CheckConstraint("held_on IS NULL OR cancelling_reason IS NULL", name="held_on"),
        Index("ix_body_meetings_body_id", "body_id", "planned_on"),
    )

    body_id: UUID = Field(sa_type=Uuid, foreign_key="registry.bodies.id")
    planned_on: date
    held_on: date | None = None
    topic: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    cancelling_reason: str | None = Field(default=None, sa_type=Text)


CHANGED_NOW = {"version": BodyMeeting.version + 1, "changed_at": func.now()}
"""What every change of a meeting sets beside its own values."""

_MEETINGS = rows_of(BodyMeeting)
IS_PLANNED = and_(
    _MEETINGS.c.held_on.is_(None), _MEETINGS.c.cancelling_reason.is_(None)
)
"""Neither held nor cancelled."""
