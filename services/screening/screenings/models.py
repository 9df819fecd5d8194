"""Screenings, and the results that a re-scoring replaced."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.screening.tables import Table


def _instant() -> datetime | None:
    instant: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    return instant


def _text() -> str | None:
    value: str | None = Field(default=None, sa_type=Text)
    return value


class Screening(Table, Versioned, table=True):
    """One form about one subject, who is known only by a random reference.

    Of a birth date only the month is stored.

    No foreign keys to campaigns and instruments: these are never deleted and are
    checked in the transaction that writes the row, and foreign keys would be checked
    again for each of the tens of thousands of rows of an import.
    """

    __tablename__ = "screenings"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'scored', 'confirmed', 'annulled')",
            name="state",
        ),
        CheckConstraint("(campaign_id IS NULL) = (stage IS NULL)", name="stage"),
        CheckConstraint(
            # The database itself refuses a day of birth: only the first day of a month
            # is allowed.
            "date_trunc('month', birth_month) = birth_month",
            name="birth_month",
        ),
        CheckConstraint(
            # A draft may be annulled before the age of the child is known.
            "state IN ('draft', 'annulled') OR (administered_on IS NOT NULL"
            " AND birth_month IS NOT NULL AND age_months IS NOT NULL AND form_code IS NOT NULL)",
            name="submitted",
        ),
        CheckConstraint(
            # No confirmed result without a person, even if the code has a fault (GDPR,
            # art. 22).
            "state <> 'confirmed' OR (result IS NOT NULL AND confirmed_by IS NOT NULL)",
            name="confirmed",
        ),
        CheckConstraint(
            "(state = 'annulled') = (annulling_reason IS NOT NULL)", name="annulled"
        ),
        CheckConstraint("(source IS NULL) = (external_id IS NULL)", name="source"),
        # By county and time, the order of lists; `id` makes the order total, so that a
        # page can continue where the last one ended.
        Index("ix_screenings_county_terc", "county_terc", "created_at", "id"),
        Index("ix_screenings_created_at", "created_at", "id"),
        Index(
            "ix_screenings_institution_id",
            "institution_id",
            "created_at",
            "id",
            postgresql_where=text("institution_id IS NOT NULL"),
        ),
        Index("ix_screenings_campaign_id", "campaign_id", "created_at", "id"),
        Index("ix_screenings_subject_ref", "subject_ref"),
        Index(
            # Within a county: across counties a refusal would reveal to one what
            # another has recorded.
            "uq_screenings_external_id_in_county",
            "source",
            "external_id",
            "county_terc",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
    )

    campaign_id: UUID | None = Field(default=None, sa_type=Uuid)
    stage: int | None = None
    implementer: str | None = _text()
    subject_ref: UUID = Field(sa_type=Uuid)
    birth_month: date | None = None
    age_months: int | None = None
    sex: str = Field(sa_type=Text)
    county_terc: str = Field(sa_type=Text)
    institution_id: UUID | None = Field(default=None, sa_type=Uuid)
    instrument_code: str = Field(sa_type=Text)
    instrument_version: int
    form_code: str | None = _text()
    informant: str = Field(sa_type=Text)
    administered_on: date | None = None
    state: str = Field(default="draft", sa_type=Text)
    answers: dict[str, Any] = Field(sa_type=JSONB)
    result: dict[str, Any] | None = Field(
        default=None, sa_type=JSONB(none_as_null=True)
    )
    outcome: str | None = _text()
    norm_set_id: UUID | None = Field(default=None, sa_type=Uuid)
    # Null while the guardian has not been asked, which is neither yes nor no.
    has_consent: bool | None = Field(
        default=None, description="to be referred, when the result calls for it"
    )
    consent_recorded_by: str | None = _text()
    consent_recorded_at: datetime | None = _instant()
    source: str | None = _text()
    external_id: str | None = _text()
    created_by: str = Field(sa_type=Text)
    submitted_by: str | None = _text()
    submitted_at: datetime | None = _instant()
    scored_at: datetime | None = _instant()
    confirmed_by: str | None = _text()
    confirmed_at: datetime | None = _instant()
    returned_by: str | None = _text()
    returned_at: datetime | None = _instant()
    returning_reason: str | None = _text()
    annulled_by: str | None = _text()
    annulled_at: datetime | None = _instant()
    annulling_reason: str | None = _text()


class ReplacedResult(Table, table=True):
    """A result that a re-scoring replaced.

    The application's role can add these and never change one.
    """

    __tablename__ = "replaced_results"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
    )

    screening_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="screening.screenings.id"
    )
    # By default SQLAlchemy makes a sequence for an integer in a primary key.
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    county_terc: str = Field(sa_type=Text)
    result: dict[str, Any] = Field(sa_type=JSONB)
    outcome: str | None = _text()
    norm_set_id: UUID | None = Field(default=None, sa_type=Uuid)
    rescoring_id: UUID = Field(sa_type=Uuid)
    replaced_by: str = Field(sa_type=Text)
    replaced_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )


CHANGED_NOW = {"version": Screening.version + 1, "changed_at": func.now()}
