"""Trainers and external experts."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    Index,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.training.tables import Table


class Trainer(Table, Versioned, table=True):
    """A trainer, or an external expert who advises."""

    __tablename__ = "trainers"
    __table_args__ = (
        CheckConstraint("kind IN ('trainer', 'external_expert')", name="kind"),
        Index(
            "uq_trainers_account",
            "account",
            unique=True,
            postgresql_where=text("account IS NOT NULL"),
        ),
        Index(
            "ix_trainers_in_order",
            text(polish_index("training", "family_name")),
            text(polish_index("training", "given_name")),
            "id",
        ),
        Index("ix_trainers_changed_at", "changed_at", "id"),
    )

    kind: str = Field(sa_type=Text)
    given_name: str = Field(sa_type=Text)
    family_name: str = Field(sa_type=Text)
    competences: list[str] = Field(sa_type=ARRAY(Text))
    """Codes of fields of knowledge."""
    account: str | None = Field(default=None, sa_type=Text)
    """`sub` of the tokens that this person signs in with."""
    # Not deleted: past sessions and signatures refer to the row.
    left_on: date | None = None
