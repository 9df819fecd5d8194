"""Exports of the data of studies, and their files."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, Text, Uuid, func
from sqlmodel import Field

from services.screening.tables import Table


class StudyExport(Table, table=True):
    """A pseudonymised export: its account, its number of rows and its smallest group."""

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
