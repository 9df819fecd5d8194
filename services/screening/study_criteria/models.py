"""The outcomes of uploaded criteria."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Text, Uuid
from sqlmodel import Field

from services.screening.tables import Table


class StudyCriterion(Table, table=True):
    """The outcome of an uploaded criterion for one child."""

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
