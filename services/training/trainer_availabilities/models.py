"""Times in which trainers are free or away."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Uuid
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class TrainerAvailability(Table, Versioned, table=True):
    """A time in which a trainer is free to train, or is away."""

    __tablename__ = "trainer_availabilities"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_at"),
        # By trainer first: planning reads all times of the session's trainers.
        Index("ix_trainer_availabilities_trainer_id", "trainer_id", "starts_at", "id"),
    )

    trainer_id: UUID = Field(sa_type=Uuid, foreign_key="training.trainers.id")
    starts_at: datetime = Field(sa_type=DateTime(timezone=True))
    ends_at: datetime = Field(sa_type=DateTime(timezone=True))
    is_available: bool
