"""Protocols and their versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.screening.tables import Table


class Protocol(Table, table=True):
    """A way of screening in one or two stages, under one code."""

    __tablename__ = "protocols"
    __table_args__ = (CheckConstraint("code ~ '^[A-Z][A-Z0-9_-]{1,39}$'", name="code"),)

    code: str = Field(primary_key=True, sa_type=Text)
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    created_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    changed_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    name_pl: str = Field(sa_type=Text)
    name_en: str = Field(sa_type=Text)


class ProtocolVersion(Table, Versioned, table=True):
    """A version of a protocol. Its content never changes, and campaigns name it by its number."""

    __tablename__ = "protocol_versions"
    __table_args__ = (
        UniqueConstraint("protocol_code", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(selection IS NULL) = (stage_two IS NULL)", name="stage_two"),
        CheckConstraint(
            "(retired_at IS NULL) = (retiring_reason IS NULL)", name="retired_at"
        ),
    )

    protocol_code: str = Field(sa_type=Text, foreign_key="screening.protocols.code")
    number: int
    stage_one: dict[str, Any] = Field(sa_type=JSONB)
    # `none_as_null`: an absent stage must be the null of SQL, which the check above
    # compares; the null of JSON would be a value.
    selection: dict[str, Any] | None = Field(
        default=None, sa_type=JSONB(none_as_null=True)
    )
    stage_two: dict[str, Any] | None = Field(
        default=None, sa_type=JSONB(none_as_null=True)
    )
    one_person_may_confirm: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    retired_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    retiring_reason: str | None = Field(default=None, sa_type=Text)
