"""One registry and one MetaData per service, and the tables that every service has for the chassis."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    FromClause,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.chassis.events import event_table
from services.chassis.jobs import job_tables

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def service_registry(schema: str) -> registry:
    """The registry of a service's table classes: its own schema, predictable constraint names, the chassis's tables."""
    metadata = MetaData(schema=schema, naming_convention=NAMING)
    chassis_tables(metadata)
    return registry(metadata=metadata)


def rows_of(model: type[SQLModel]) -> FromClause:
    """The table behind a table class, for statements about its columns."""
    table: FromClause = inspect(model).local_table
    return table


class Versioned(SQLModel):
    """Columns of whatever people change: identity, version for the ETag, and when it came to be and was changed."""

    id: UUID = Field(primary_key=True, sa_type=Uuid, sa_column_kwargs={"server_default": func.uuidv7()})
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    created_at: datetime = Field(sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()})
    changed_at: datetime = Field(sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()})


def _instant(name: str) -> Column[datetime]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp())


def chassis_tables(metadata: MetaData) -> None:
    """Audit, outbox, idempotency and jobs of one service."""
    _audit_table(metadata)
    event_table(metadata)
    _idempotency_table(metadata)
    job_tables(metadata)


def _audit_table(metadata: MetaData) -> None:
    Table(
        "audit_records",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        _instant("recorded_at"),
        Column("actor", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("county_terc", Text),
        Column("institution_id", Uuid),
        Column("detail", JSONB, nullable=False),
        Column("trace_id", Text, nullable=False),
        Index("ix_audit_records_subject", "subject"),
    )


def _idempotency_table(metadata: MetaData) -> None:
    Table(
        "idempotency_keys",
        metadata,
        Column("subject", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", Integer, nullable=False),
        Column("headers", ARRAY(Text, dimensions=2), nullable=False),
        Column("body", LargeBinary, nullable=False),
        _instant("created_at"),
        Index("ix_idempotency_keys_created_at", "created_at"),
    )
