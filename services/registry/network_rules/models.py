"""Rules of networks."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Dated, Table


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


class NetworkRule(Table, Versioned, Dated, table=True):
    """A rule of a network by which institutions are included or excluded, from a day until the day of retiring."""

    __tablename__ = "network_rules"
    __table_args__ = (
        # Retired rules keep their codes: past decisions refer to them.
        UniqueConstraint("network_id", "code", name="uq_network_rules_code"),
        CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="valid_to"),
    )

    network_id: UUID = Field(sa_type=Uuid, foreign_key="registry.networks.id")
    direction: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    description: str | None = Field(default=None, sa_type=Text)
    # Array columns and not separate tables: criteria are only read with their rule.
    sectors: list[str] = _codes()
    institution_types: list[str] = _codes()
    needs_verified_service: bool = _flag()
    in_county: bool = _flag()
    valid_from: date
    valid_to: date | None = None
    retiring_reason: str | None = Field(default=None, sa_type=Text)
