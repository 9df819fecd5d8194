"""Processes and their steps; runs through them and the steps recorded in a run."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, func, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Table


class Process(Table, table=True):
    """An ordered list of steps. Migrations write it, nobody else."""

    __tablename__ = "processes"

    code: str = Field(primary_key=True, sa_type=Text)
    # Part of the ETag: a migration that changes the steps must raise it, else clients
    # keep the old steps.
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    name_pl: str = Field(sa_type=Text)
    name_en: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)


class ProcessStep(Table, table=True):
    """One step of a process; two with the same position are alternatives."""

    __tablename__ = "process_steps"

    process_code: str = Field(
        primary_key=True, sa_type=Text, foreign_key="registry.processes.code"
    )
    code: str = Field(primary_key=True, sa_type=Text)
    position: int
    name_pl: str = Field(sa_type=Text)
    name_en: str = Field(sa_type=Text)
    is_ending: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    comes_any_time: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )


class ProcessRun(Table, Versioned, table=True):
    """The run of one subject (`bodies/<id>`) through a process."""

    __tablename__ = "process_runs"
    __table_args__ = (
        Index("ix_process_runs_process_code", "process_code", "county_terc"),
    )

    process_code: str = Field(sa_type=Text, foreign_key="registry.processes.code")
    # NULL for the run of a regional platform, which belongs to no county.
    county_terc: str | None = Field(default=None, sa_type=Text)
    # An address and no foreign key, since sites as well as bodies have runs.
    subject: str = Field(sa_type=Text)


class ProcessRunStep(Table, table=True):
    """A record of a step of a run. One that was taken back stays in the history and
    does not count.
    """

    __tablename__ = "process_run_steps"
    __table_args__ = (
        CheckConstraint("outcome IN ('done', 'skipped')", name="outcome"),
        CheckConstraint("outcome = 'done' OR reason IS NOT NULL", name="reason"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)"
            " AND (taken_back_at IS NULL) = (taken_back_reason IS NULL)",
            name="taken_back",
        ),
        # A run is always read with its whole history, in this order.
        Index("ix_process_run_steps_run_id", "run_id", "recorded_at"),
        Index("ix_process_run_steps_document_version_id", "document_version_id"),
        Index(
            # Unique among records that were not taken back: a step that was taken back
            # may be recorded again, and one that was skipped may be done later.
            "uq_process_run_steps_outcome",
            "run_id",
            "step_code",
            "outcome",
            unique=True,
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    run_id: UUID = Field(sa_type=Uuid, foreign_key="registry.process_runs.id")
    step_code: str = Field(sa_type=Text)
    outcome: str = Field(sa_type=Text)
    done_on: date
    reason: str | None = Field(default=None, sa_type=Text)
    evidence: str | None = Field(default=None, sa_type=Text)
    document_version_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.document_versions.id"
    )
    # An address and no foreign key: a pact, a meeting, a network.
    stands_for: str | None = Field(default=None, sa_type=Text)
    recorded_by: str = Field(sa_type=Text)
    recorded_at: datetime = Field(
        sa_type=DateTime(timezone=True),
        # Not `now()`, the beginning of the transaction: if the transaction waited for
        # the run's lock, that is before an earlier record, and the history would be out
        # of order.
        sa_column_kwargs={"server_default": func.clock_timestamp()},
    )
    taken_back_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    taken_back_by: str | None = Field(default=None, sa_type=Text)
    taken_back_reason: str | None = Field(default=None, sa_type=Text)
