"""Answers to surveys and their results on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, Note, Number, Wire
from services.training.surveys.rules import QuestionKind

AnswerValue = Note | Number | Annotated[list[Code], Field(max_length=50)]


class SurveyAnswerGive(Wire):
    """The answers of one person, by code of the question."""

    role: Code | None = Field(
        default=None, description="required by a survey that asks for it"
    )
    answers: Annotated[dict[Code, AnswerValue], Field(max_length=100)]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"answers": {"pace": "right", "usefulness": 4}}]
        }
    )


class AnswerCount(BaseModel):
    """The number of people who gave an answer; `(none)`: who skipped the question."""

    value: str
    number: int


class AnswerTable(BaseModel):
    """The counts of all answers to a question, of everybody or of one role."""

    role: str | None
    cells: list[AnswerCount]


class QuestionResult(BaseModel):
    """The publishable results of one question."""

    code: str
    kind: QuestionKind
    tables: list[AnswerTable]
    mean: float | None
    texts: list[str]


class SurveyResults(BaseModel):
    """The results of a closed survey. `answers`: null when fewer than five answered."""

    survey_id: UUID
    answers: int | None
    questions: list[QuestionResult]
