"""Results of studies, run by run, and the children of each run."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Text, Uuid, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.screening.tables import Table


def _list_of(item: Any) -> Any:
    return Field(
        default_factory=list,
        sa_type=ARRAY(item),
        sa_column_kwargs={"server_default": "{}"},
    )


class StudyRun(Table, table=True):
    """The results of one run of a study, and the children it was computed from.

    `digests` has, for each of the `subjects`, a digest of all records that were read,
    so that a change of few children is noticed.
    """

    __tablename__ = "study_runs"

    study_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="screening.studies.id"
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    n: int
    subjects: list[UUID] = _list_of(Uuid)
    digests: list[int] = _list_of(BigInteger)
    results: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    run_by: str = Field(sa_type=Text)
    finished_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
