"""Validation studies, their criteria, what their runs came to, and the files that were made of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    Index,
    LargeBinary,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.chassis.tables import Versioned
from services.screening.tables import Table


def _listed(of: Any) -> Any:
    return Field(
        default_factory=list,
        sa_type=ARRAY(of),
        sa_column_kwargs={"server_default": "{}"},
    )


class Study(Table, Versioned, table=True):
    """A validation study: which screenings it is of, and what their outcome is compared with."""

    __tablename__ = "studies"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'running', 'ready')", name="state"),
        CheckConstraint(
            "criterion_source IN ('stage_two', 'uploaded')", name="criterion_source"
        ),
        CheckConstraint(
            "criterion_source <> 'stage_two' OR campaign_id IS NOT NULL",
            name="campaign_id",
        ),
        CheckConstraint("minimum_n >= 10", name="minimum_n"),
        CheckConstraint("age_from < age_to", name="age_to"),
        CheckConstraint("administered_from <= administered_to", name="administered_to"),
        Index("ix_studies_name", "name", "id"),
        Index("ix_studies_campaign_id", "campaign_id"),
        Index("ix_studies_instrument", "instrument_code", "instrument_version"),
    )

    name: str = Field(sa_type=Text)
    instrument_code: str = Field(sa_type=Text)
    instrument_version: int
    form_code: str = Field(sa_type=Text)
    scale_code: str = Field(sa_type=Text)
    campaign_id: UUID | None = Field(default=None, sa_type=Uuid)
    counties: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": "{}"},
    )
    sex: str | None = Field(default=None, sa_type=Text)
    age_from: int | None = None
    age_to: int | None = None
    administered_from: date | None = None
    administered_to: date | None = None
    criterion_source: str = Field(sa_type=Text)
    criterion_instrument: str | None = Field(default=None, sa_type=Text)
    criterion_note: str | None = Field(default=None, sa_type=Text)
    is_blinded: bool | None = None
    minimum_n: int = Field(
        default=100, sa_column_kwargs={"server_default": text("100")}
    )
    dif_by: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": "{}"},
    )
    prevalences: list[float] = Field(
        default_factory=list,
        sa_type=ARRAY(Float),
        sa_column_kwargs={"server_default": "{}"},
    )
    state: str = Field(
        default="draft", sa_type=Text, sa_column_kwargs={"server_default": "draft"}
    )
    job_id: UUID | None = Field(default=None, sa_type=Uuid)
    run_number: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    created_by: str = Field(sa_type=Text)


class StudyCriterion(Table, table=True):
    """What an uploaded criterion says of a child."""

    __tablename__ = "study_criteria"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('positive', 'negative', 'undetermined')", name="outcome"
        ),
    )

    study_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="screening.studies.id"
    )
    subject_ref: UUID = Field(primary_key=True, sa_type=Uuid)
    outcome: str = Field(sa_type=Text)


class StudyRun(Table, table=True):
    """What a study came to, each time it was run, and of whom: what the next samples are compared with.

    `digests` are of all that was read of each of the `subjects`, so that it is seen when few have changed.
    """

    __tablename__ = "study_runs"

    study_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="screening.studies.id"
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    n: int
    subjects: list[UUID] = _listed(Uuid)
    digests: list[int] = _listed(BigInteger)
    results: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    run_by: str = Field(sa_type=Text)
    finished_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )


class StudyExport(Table, table=True):
    """A pseudonymised export: by whom, of how many rows, with which smallest group."""

    __tablename__ = "study_exports"
    __table_args__ = (
        Index("ix_study_exports_study_id", "study_id", "exported_at", "id"),
    )

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    study_id: UUID = Field(sa_type=Uuid, foreign_key="screening.studies.id")
    rows: int
    group_size: int
    exported_by: str = Field(sa_type=Text)
    exported_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )


class StudyExportFile(Table, table=True):
    """One file of an export."""

    __tablename__ = "study_export_files"

    export_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="screening.study_exports.id"
    )
    name: str = Field(primary_key=True, sa_type=Text)
    content: bytes = Field(sa_type=LargeBinary)
