"""The reservations of places. No column is about a child: age and documents
are not stored.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    DateTime,
    Index,
    Text,
    Uuid,
    and_,
    text,
)
from sqlmodel import Field

from services.chassis.data.tables import Versioned, rows_of
from services.registry.reservations.rules import ReservationState
from services.registry.tables import Table

_HELD = text("state IN ('reserved', 'taken')")


class Reservation(Table, Versioned, table=True):
    """A place of a support service, held for a referral of another system."""

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint(
            "state IN ('reserved', 'taken', 'released', 'expired')", name="state"
        ),
        CheckConstraint("state <> 'taken' OR taken_at IS NOT NULL", name="taken_at"),
        CheckConstraint(
            "(state = 'released') = (released_at IS NOT NULL)", name="released_at"
        ),
        # One place of a service for a referral, however many requests come at once.
        Index(
            "uq_reservations_held",
            "support_service_id",
            "referral_reference",
            unique=True,
            postgresql_where=_HELD,
        ),
        Index(
            "ix_reservations_support_service_id",
            "support_service_id",
            "created_at",
            "id",
        ),
        Index(
            "ix_reservations_expires_at", "support_service_id", "state", "expires_at"
        ),
    )

    support_service_id: UUID = Field(
        sa_type=Uuid, foreign_key="registry.support_services.id"
    )
    # The other system's random id, and no key of ours: it does not identify a person.
    referral_reference: UUID = Field(sa_type=Uuid)
    state: str = Field(sa_type=Text)
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    taken_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    released_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    reserved_by: str = Field(sa_type=Text)


# The stored state: the reservation may have expired since then.
HOLDS_PLACE: ColumnElement[bool] = rows_of(Reservation).c.state.in_(
    [ReservationState.RESERVED.value, ReservationState.TAKEN.value]
)


def has_lapsed(now: datetime) -> ColumnElement[bool]:
    """Stored as reserved, but expired by now, so the place is free: `rules.state_at`
    for many rows at once.
    """
    rows = rows_of(Reservation).c
    is_reserved = rows.state == ReservationState.RESERVED.value
    return and_(is_reserved, rows.expires_at <= now)
