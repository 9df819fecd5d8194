"""Answers to surveys, and separately the participation in them."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.training.tables import Table


class SurveyAnswer(Table, table=True):
    """The answers of one person, without time, order and account."""

    __tablename__ = "survey_answers"
    __table_args__ = (Index("ix_survey_answers_survey_id", "survey_id"),)

    # Random: a rising key would reveal the order of answers.
    id: UUID = Field(default_factory=uuid4, sa_type=Uuid, primary_key=True)
    survey_id: UUID = Field(sa_type=Uuid, foreign_key="training.surveys.id")
    role: str | None = Field(default=None, sa_type=Text)
    content: dict[str, Any] = Field(sa_type=JSONB)


class SurveyParticipation(Table, table=True):
    """The participation of one account in an open survey, as a keyed digest."""

    __tablename__ = "survey_participations"
    __table_args__ = (
        Index("uq_survey_participations_digest", "survey_id", "digest", unique=True),
    )

    id: UUID = Field(default_factory=uuid4, sa_type=Uuid, primary_key=True)
    survey_id: UUID = Field(sa_type=Uuid, foreign_key="training.surveys.id")
    digest: bytes = Field(sa_type=LargeBinary)
