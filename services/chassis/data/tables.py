"""One registry and MetaData per service, and the tables that the chassis needs."""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    FromClause,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    false,
    func,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.chassis.data.audit_log import audit_log_tables
from services.chassis.data.outbox import event_table

# By rule, so that a Problem can name the constraint whose violation it stands for.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def service_registry(schema: str) -> registry:
    """The registry of a service's table classes, with the tables of the chassis."""
    metadata = MetaData(schema=schema, naming_convention=NAMING)
    chassis_tables(metadata)
    return registry(metadata=metadata)


def import_models(package: str) -> None:
    """Import the table classes of every slice: the service's metadata is then whole."""
    for folder in Path(*import_module(package).__path__).iterdir():
        if (folder / "models.py").exists():
            import_module(f"{package}.{folder.name}.models")


def rows_of(model: type[SQLModel]) -> Table:
    """The table behind a table class, for statements about its columns."""
    table: FromClause = inspect(model).local_table
    if not isinstance(table, Table):
        raise TypeError("a table class has one table")
    return table


class Versioned(SQLModel):
    """Columns of rows that people change: id, version for the ETag, two instants."""

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    created_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    changed_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )


def instant(name: str) -> Column[datetime]:
    # Not `now()`, the transaction's beginning: that of an import is minutes before.
    return Column(
        name,
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    )


def chassis_tables(metadata: MetaData) -> None:
    """Audit and its log, outbox, idempotency and jobs of one service."""
    audit_table(metadata)
    audit_log_tables(metadata)
    event_table(metadata)
    _idempotency_table(metadata)
    job_tables(metadata)


def relations_table(metadata: MetaData) -> Table:
    """Relations of holders to objects; for services that grant permissions by them."""
    return Table(
        "relations",
        metadata,
        Column("holder", Text, primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("object_id", Uuid, primary_key=True),
        Column("starts_at", DateTime(timezone=True)),
        Column("ends_at", DateTime(timezone=True)),
        Column("county_terc", Text, nullable=False),
        Index("ix_relations_object_id", "object_id", "kind"),
    )


def _jobs_table(metadata: MetaData) -> Table:
    """Background jobs: the request, the progress, the outcome."""
    return Table(
        "jobs",
        metadata,
        Column("id", Uuid, primary_key=True, server_default=func.uuidv7()),
        Column("kind", Text, nullable=False),
        Column("state", Text, nullable=False, server_default=text("'queued'")),
        Column("parameters", JSONB, nullable=False),
        Column("requested_by", Text, nullable=False),
        Column(
            "requester",
            JSONB,
            nullable=False,
            comment="what the caller was allowed to do when asking",
        ),
        Column("trace_id", Text, nullable=False),
        Column("progress_done", BigInteger, nullable=False, server_default=text("0")),
        Column("progress_total", BigInteger),
        Column("result", JSONB),
        Column("problem", JSONB, comment="by language"),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("version", Integer, nullable=False, server_default=text("1")),
        Column(
            "created_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=func.now(),
        ),
        Column("started_at", DateTime(timezone=True)),
        Column("finished_at", DateTime(timezone=True)),
        Index("ix_jobs_requested_by", "requested_by", "created_at", "id"),
    )


def job_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Jobs, the parts of their uploaded files, and the problems of single rows."""
    jobs = _jobs_table(metadata)
    files = Table(
        "job_files",
        metadata,
        Column(
            "job_id", Uuid, ForeignKey(jobs.c.id, ondelete="CASCADE"), primary_key=True
        ),
        Column("part", Integer, primary_key=True, autoincrement=False),
        Column("content", LargeBinary, nullable=False),
    )
    row_problems = Table(
        "job_problems",
        metadata,
        Column(
            "job_id", Uuid, ForeignKey(jobs.c.id, ondelete="CASCADE"), primary_key=True
        ),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("line", Integer, nullable=False),
        Column("pointer", Text, nullable=False),
        Column("code", Text, nullable=False),
        Column("column_number", Integer),
        Column("is_warning", Boolean, nullable=False, server_default=false()),
    )
    return jobs, files, row_problems


# Without a schema: the search path of the service's connections leads to its own.
JOBS, JOB_FILES, JOB_PROBLEMS = job_tables(MetaData())


def audit_table(metadata: MetaData) -> Table:
    """Who did what to what. Each query has an index that gives the newest first."""
    return Table(
        "audit_records",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        instant("recorded_at"),
        Column("actor", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("county_terc", Text),
        Column("institution_id", Uuid),
        Column("detail", JSONB, nullable=False),
        Column("trace_id", Text, nullable=False),
        Column(
            "xid",
            BigInteger,
            nullable=False,
            server_default=text("(pg_current_xact_id())::text::bigint"),
            comment="the transaction that wrote it: whoever seals finds what is new",
        ),
        Index("ix_audit_records_xid", "xid", "id"),
        Index("ix_audit_records_recorded_at", "recorded_at", "id"),
        Index("ix_audit_records_actor", "actor", "recorded_at", "id"),
        Index("ix_audit_records_action", "action", "recorded_at", "id"),
        Index("ix_audit_records_subject_recorded_at", "subject", "recorded_at", "id"),
        Index("ix_audit_records_county_terc", "county_terc", "recorded_at", "id"),
    )


AUDIT_RECORDS = audit_table(MetaData())


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
        instant("created_at"),
        Index("ix_idempotency_keys_created_at", "created_at"),
    )
