"""Who sits in a body, for which group and for how long."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, func, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Dated, Table


class BodyMember(Table, Versioned, Dated, table=True):
    """A seat in a body for a time: for which group, and in which role.

    The person is named by an account or not at all: no name is stored.
    """

    __tablename__ = "body_members"
    __table_args__ = (
        # The days are equal where the body was dissolved before the seat began.
        CheckConstraint("held_to IS NULL OR held_from <= held_to", name="held_to"),
        Index("ix_body_members_body_id", "body_id", "held_from"),
        Index("ix_body_members_institution_id", "institution_id"),
        Index("ix_body_members_delegating_body_id", "delegating_body_id"),
        Index(
            # Unique among present seats only: a person may return. Seats without an
            # account have NULL here, and NULLs are never equal.
            "uq_body_members_subject",
            "body_id",
            "subject",
            unique=True,
            postgresql_where=text("held_to IS NULL"),
        ),
    )

    body_id: UUID = Field(sa_type=Uuid, foreign_key="registry.bodies.id")
    group_code: str = Field(sa_type=Text)
    institution_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.institutions.id"
    )
    delegating_body_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.bodies.id"
    )
    person_role: str = Field(sa_type=Text)
    subject: str | None = Field(default=None, sa_type=Text)
    held_from: date
    held_to: date | None = None
    ending_reason: str | None = Field(default=None, sa_type=Text)


CHANGED_NOW = {"version": BodyMember.version + 1, "changed_at": func.now()}
"""What every change of a member sets beside its own values."""
