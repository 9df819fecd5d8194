"""Good practices on the wire."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Code, Flag, Id, Name, Note, Wire
from services.chassis.web.listing import FileQuery
from services.training.good_practices.rules import PracticeState
from services.training.rooms.schemas import CountyTerc

DESCRIPTION_EXAMPLE: dict[str, Any] = {
    "fields": {
        code: {"pl": "Opis.", "en": "A description."}
        for code in (
            "context",
            "goal",
            "people",
            "actions",
            "resources",
            "results",
            "lessons",
        )
    }
}


class PracticeIdentify(Wire):
    """A practice that is to be described: of an authority, or of a county."""

    authority_id: Id | None = None
    county_terc: CountyTerc | None = Field(
        default=None, description="where there is no authority"
    )
    title_pl: Name
    title_en: Name
    topic: Code

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "county_terc": "2469",
                    "title_pl": "Wspólna baza sprzętu",
                    "title_en": "A shared pool of equipment",
                    "topic": "equipment",
                }
            ]
        }
    )


# Both languages are required for a publication.
class GoodPracticeText(Wire):
    """A text in Polish and in English."""

    pl: Note
    en: Note


class PracticeDescribe(Wire):
    """The texts of a description, by the code of the template's field."""

    fields: Annotated[dict[Code, GoodPracticeText], Field(max_length=50)]

    model_config = ConfigDict(json_schema_extra={"examples": [DESCRIPTION_EXAMPLE]})


class PracticeReview(Wire):
    """Whether a description is approved, and what has to be changed."""

    is_approved: Flag
    note: Note | None = Field(
        default=None, description="required where it is not approved"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"is_approved": True}]})


class TemplateFieldRead(BaseModel):
    """A question of the template."""

    code: str
    label_pl: str
    label_en: str
    is_required: bool


class PracticeTemplate(BaseModel):
    """The form in which practices are described."""

    items: list[TemplateFieldRead]


class PracticeEntry(BaseModel):
    """A practice without its description."""

    id: UUID
    version: int
    county_terc: str
    authority_id: UUID | None
    title_pl: str
    title_en: str
    topic: str
    state: PracticeState
    published_on: date | None
    changed_at: datetime


class PracticeRead(PracticeEntry):
    """A practice, without the accounts that wrote and reviewed it."""

    content: dict[str, GoodPracticeText]
    # Null once published: the note is for the authors.
    review_note: str | None


class PracticeList(FileQuery):
    """Filters of practices."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    authority_id: Id | None = None
    topic: list[Code] | None = Field(default=None, max_length=50)
    state: list[PracticeState] | None = None
