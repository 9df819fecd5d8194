"""Validation studies: their screenings, and the criterion of the outcome."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.chassis.web.polish import polish_index
from services.screening.tables import Table


def _list_of(item: Any) -> Any:
    return Field(
        default_factory=list,
        sa_type=ARRAY(item),
        sa_column_kwargs={"server_default": "{}"},
    )


class Study(Table, Versioned, table=True):
    """A validation study: its screenings, and the criterion that their outcome is compared with."""

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
        # `LEAST_SAMPLE`: nothing is computed of fewer children, whatever the minimum of
        # a study.
        CheckConstraint("minimum_n >= 10", name="minimum_n"),
        CheckConstraint("age_from < age_to", name="age_to"),
        CheckConstraint("administered_from <= administered_to", name="administered_to"),
        Index("ix_studies_in_order", text(polish_index("screening", "name")), "id"),
        Index("ix_studies_campaign_id", "campaign_id"),
        Index("ix_studies_instrument", "instrument_code", "instrument_version"),
    )

    name: str = Field(sa_type=Text)
    instrument_code: str = Field(sa_type=Text)
    instrument_version: int
    form_code: str = Field(sa_type=Text)
    scale_code: str = Field(sa_type=Text)
    campaign_id: UUID | None = Field(default=None, sa_type=Uuid)
    counties: list[str] = _list_of(Text)
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
    dif_by: list[str] = _list_of(Text)
    prevalences: list[float] = _list_of(Float)
    state: str = Field(
        default="draft", sa_type=Text, sa_column_kwargs={"server_default": "draft"}
    )
    job_id: UUID | None = Field(default=None, sa_type=Uuid)
    run_number: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    created_by: str = Field(sa_type=Text)
