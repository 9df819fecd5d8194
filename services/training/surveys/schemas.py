"""Surveys on the wire."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, Flag, Id, Name, Whole, Wire
from services.chassis.web.listing import FileQuery
from services.training.surveys.rules import QuestionKind, SurveyState

QUESTIONS_EXAMPLE: list[Any] = [
    {
        "code": "pace",
        "kind": "single",
        "text_pl": "Jakie było tempo zajęć?",
        "text_en": "What was the pace?",
        "options": [
            {"code": "right", "label_pl": "właściwe", "label_en": "right"},
            {"code": "wrong", "label_pl": "niewłaściwe", "label_en": "wrong"},
        ],
    },
    {
        "code": "usefulness",
        "kind": "scale",
        "text_pl": "Jak przydatne były zajęcia?",
        "text_en": "How useful were the sessions?",
        "lowest": 1,
        "highest": 5,
    },
]


class SurveyOption(Wire):
    """An option of a question."""

    code: Code
    label_pl: Name
    label_en: Name


class SurveyQuestion(Wire):
    """A question in both languages, with the kind of its answers."""

    code: Code
    kind: QuestionKind
    text_pl: Name
    text_en: Name
    is_required: Flag = True
    options: Annotated[list[SurveyOption], Field(max_length=50)] = Field(
        default_factory=list, description="of `single` and `multiple`"
    )
    lowest: Whole | None = Field(default=None, description="of `scale` and `number`")
    highest: Whole | None = None


Questions = Annotated[list[SurveyQuestion], Field(min_length=1, max_length=100)]
Roles = Annotated[list[Code], Field(max_length=50)]


class SurveyCreate(Wire):
    """A survey of one programme, group or conference."""

    programme_id: Id | None = None
    group_id: Id | None = None
    conference_id: Id | None = None
    title_pl: Name
    title_en: Name
    roles: Roles = Field(
        default_factory=list, description="asked of each; empty: an anonymous survey"
    )
    questions: Questions

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme_id": "01990000-0000-7000-8000-000000000001",
                    "title_pl": "Ocena szkolenia",
                    "title_en": "Evaluation of the training",
                    "questions": QUESTIONS_EXAMPLE,
                }
            ]
        }
    )


class SurveyUpdate(Wire):
    """A merge patch: absent fields stay."""

    title_pl: Name = Field(default_factory=str)
    title_en: Name = Field(default_factory=str)
    roles: Roles = Field(default_factory=list)
    questions: Questions = Field(default_factory=list)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title_pl": "Ewaluacja"}]}
    )


class SurveyEntry(BaseModel):
    """A survey without its questions."""

    id: UUID
    version: int
    programme_id: UUID | None
    group_id: UUID | None
    conference_id: UUID | None
    title_pl: str
    title_en: str
    state: SurveyState
    roles: list[str]
    created_at: datetime
    changed_at: datetime


class SurveyRead(SurveyEntry):
    """A survey. Empty `roles`: it is anonymous."""

    questions: list[SurveyQuestion]


class SurveyList(FileQuery):
    """Filters of surveys."""

    programme_id: Id | None = None
    group_id: Id | None = None
    conference_id: Id | None = None
    state: list[SurveyState] | None = None
