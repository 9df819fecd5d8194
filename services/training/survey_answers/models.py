"""Answers to surveys, and apart from them that somebody has answered."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.training.tables import Table


class SurveyAnswer(Table, table=True):
    """What one person answered. No time, no order and no account belong to it."""

    __tablename__ = "survey_answers"
    __table_args__ = (Index("ix_survey_answers_survey_id", "survey_id"),)

    # Random: a key that grows would tell who answered when.
    id: UUID = Field(default_factory=uuid4, sa_type=Uuid, primary_key=True)
    survey_id: UUID = Field(sa_type=Uuid, foreign_key="training.surveys.id")
    role: str | None = Field(default=None, sa_type=Text)
    content: dict[str, Any] = Field(sa_type=JSONB)


class SurveyParticipation(Table, table=True):
    """That somebody has answered an open survey: a digest by the survey's key."""

    __tablename__ = "survey_participations"
    __table_args__ = (
        Index("uq_survey_participations_digest", "survey_id", "digest", unique=True),
    )

    id: UUID = Field(default_factory=uuid4, sa_type=Uuid, primary_key=True)
    survey_id: UUID = Field(sa_type=Uuid, foreign_key="training.surveys.id")
    digest: bytes = Field(sa_type=LargeBinary)
