"""Validations of learning outcomes, and their corrections."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, func
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table


class Validation(Table, Versioned, table=True):
    """The validation of one outcome of one person in a group."""

    __tablename__ = "validations"
    __table_args__ = (
        # Of two concurrent validations, this refuses the second.
        Index("uq_validations_outcome", "enrolment_id", "outcome_id", unique=True),
        Index("ix_validations_group_id", "group_id", "created_at", "id"),
        Index("ix_validations_trainee_id", "trainee_id"),
        # The order of a county's list: the newest first.
        Index("ix_validations_county_terc", "county_terc", "created_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    """The group's county, whose organisers keep the results."""
    group_id: UUID = Field(sa_type=Uuid, foreign_key="training.groups.id")
    enrolment_id: UUID = Field(sa_type=Uuid, foreign_key="training.enrolments.id")
    trainee_id: UUID = Field(sa_type=Uuid, foreign_key="training.trainees.id")
    outcome_id: UUID = Field(sa_type=Uuid, foreign_key="training.learning_outcomes.id")
    # Yes or no, without a grade.
    is_achieved: bool
    evidence: str = Field(sa_type=Text)
    """A reference to the evidence, never the evidence itself."""
    validated_on: date
    validated_by: str = Field(sa_type=Text)


class ValidationCorrection(Table, table=True):
    """One correction of a validation: the former values, and the reason."""

    __tablename__ = "validation_corrections"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        Index("ix_validation_corrections_validation_id", "validation_id", "id"),
    )

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    county_terc: str = Field(sa_type=Text)
    validation_id: UUID = Field(sa_type=Uuid, foreign_key="training.validations.id")
    # Copies of the validation's, by which relations reach the row.
    group_id: UUID = Field(sa_type=Uuid)
    trainee_id: UUID = Field(sa_type=Uuid)
    was_achieved: bool
    evidence_before: str = Field(sa_type=Text)
    validated_on_before: date
    validated_by_before: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    corrected_by: str = Field(sa_type=Text)
    corrected_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
