"""Answers to surveys and their results on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, Note, Number, Wire
from services.training.surveys.rules import QuestionKind

AnswerValue = Note | Number | Annotated[list[Code], Field(max_length=50)]


class SurveyAnswerGive(Wire):
    """By the code of a question, what somebody answers."""

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
    """How many gave an answer; `(none)` is of those who left the question out."""

    value: str
    number: int


class AnswerTable(BaseModel):
    """How many gave which answer; of one role where one is named."""

    role: str | None
    cells: list[AnswerCount]


class QuestionResult(BaseModel):
    """What is told of the answers to one question; nothing that tells of few."""

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
