"""Networks, the rules by which institutions are taken in and let go, memberships, and every decision about them."""

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
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.tables import Versioned
from services.registry.tables import Table


class Network(Table, Versioned, table=True):
    """The support network of a county; at most one is open."""

    __tablename__ = "networks"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint(
            "closed_on IS NULL OR founded_on <= closed_on", name="closed_on"
        ),
        Index("ix_networks_county_terc", "county_terc", "founded_on"),
        Index(
            "uq_networks_open",
            "county_terc",
            unique=True,
            postgresql_where=text("closed_on IS NULL"),
        ),
    )

    county_terc: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    description: str | None = Field(default=None, sa_type=Text)
    founded_on: date
    closed_on: date | None = None
    closing_reason: str | None = Field(default=None, sa_type=Text)


def _codes() -> list[str]:
    codes: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": "{}"},
    )
    return codes


def _flag() -> bool:
    flag: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    return flag


class NetworkRule(Table, Versioned, table=True):
    """A rule of a network by which institutions are included or excluded, from a day until the day of retiring."""

    __tablename__ = "network_rules"
    __table_args__ = (
        UniqueConstraint("network_id", "code", name="uq_network_rules_code"),
        CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="valid_to"),
    )

    network_id: UUID = Field(sa_type=Uuid, foreign_key="registry.networks.id")
    direction: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    description: str | None = Field(default=None, sa_type=Text)
    sectors: list[str] = _codes()
    institution_types: list[str] = _codes()
    needs_verified_service: bool = _flag()
    in_county: bool = _flag()
    valid_from: date
    valid_to: date | None = None
    retiring_reason: str | None = Field(default=None, sa_type=Text)


class NetworkMembership(Table, Versioned, table=True):
    """An institution in a network, as the last decision left it."""

    __tablename__ = "network_memberships"
    __table_args__ = (
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
        CheckConstraint("(rule_id IS NULL) = (to_state = 'proposed')", name="rule_id"),
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
