"""Institutions in networks, and the decisions about them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Table


class NetworkMembership(Table, Versioned, table=True):
    """An institution in a network, as the last decision left it."""

    __tablename__ = "network_memberships"
    __table_args__ = (
        # One row for ever: an institution that returns keeps its membership, so that
        # its history stays in one piece.
        UniqueConstraint(
            "network_id", "institution_id", name="uq_network_memberships_institution"
        ),
        Index("ix_network_memberships_institution_id", "institution_id"),
    )

    network_id: UUID = Field(sa_type=Uuid, foreign_key="registry.networks.id")
    institution_id: UUID = Field(sa_type=Uuid, foreign_key="registry.institutions.id")
    role: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    state_since: date
    proposed_by: str = Field(sa_type=Text)


class NetworkDecision(Table, table=True):
    """One decision about a membership; the application's role can add decisions and never change one."""

    __tablename__ = "network_decisions"
    __table_args__ = (
        UniqueConstraint("membership_id", "number", name="uq_network_decisions_number"),
        # A proposal needs no rule; a decision names the one that it rests on.
        CheckConstraint("(rule_id IS NULL) = (to_state = 'proposed')", name="rule_id"),
        # To retire a rule, the last decision by this rule is selected.
        Index("ix_network_decisions_rule_id", "rule_id", "decided_on"),
    )

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    membership_id: UUID = Field(
        sa_type=Uuid, foreign_key="registry.network_memberships.id"
    )
    number: int
    from_state: str | None = Field(default=None, sa_type=Text)
    to_state: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    rule_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.network_rules.id"
    )
    decided_by: str = Field(sa_type=Text)
    decided_on: date
    reason: str | None = Field(default=None, sa_type=Text)
    recorded_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
