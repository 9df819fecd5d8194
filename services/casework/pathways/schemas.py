"""Pathways on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.casework.cases.rules import Sector
from services.casework.pathways.rules import PathwayState, PathwayVerb
from services.chassis.ground.scalars import Code, Count, Name, Note, Wire
from services.chassis.web.listing import ListQuery

# An identifier and not a text, because other steps and the steps of plans refer to it.
Key = Annotated[str, Strict(), StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

# Thirty years: no pupil is older, so a higher number is a typing error.
Months = Annotated[Count, Field(le=360, description="age in completed months")]


class PathwayStepWire(Wire):
    """A step of a template."""

    key: Key
    title_pl: Name
    title_en: Name
    sector: Sector
    offset_days: Annotated[
        Count,
        Field(
            le=3650,
            description="days after the step `after`, or after the plan's start",
        ),
    ]
    after: Key | None = None


class _Texts(Wire):
    title_pl: Name
    title_en: Name
    # Free text: people, not a program, decide for whom a pathway is (GDPR, art. 22).
    entry_criteria_pl: Note | None = None
    entry_criteria_en: Note | None = None
    age_from_months: Months | None = None
    age_to_months: Months | None = None
    steps: list[PathwayStepWire] = Field(min_length=1, max_length=60)


class PathwayCreate(_Texts):
    """A new version of a template: a draft until it is published."""

    code: Code

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "SPEECH-EARLY",
                    "title_pl": "Opóźniony rozwój mowy",
                    "title_en": "Late speech",
                    "steps": [
                        {
                            "key": "hearing",
                            "title_pl": "Badanie słuchu",
                            "title_en": "Hearing test",
                            "sector": "health",
                            "offset_days": 14,
                        },
                        {
                            "key": "therapy",
                            "title_pl": "Zajęcia z logopedą",
                            "title_en": "Speech therapy",
                            "sector": "education",
                            "offset_days": 7,
                            "after": "hearing",
                        },
                    ],
                }
            ]
        }
    )


# Without `code`: a version stays in its series.
class PathwayUpdate(_Texts):
    """A draft's new content, which replaces the old."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title_pl": "Mowa",
                    "title_en": "Speech",
                    "steps": [
                        {
                            "key": "hearing",
                            "title_pl": "Badanie słuchu",
                            "title_en": "Hearing test",
                            "sector": "health",
                            "offset_days": 7,
                        }
                    ],
                }
            ]
        }
    )


class PathwayRead(BaseModel):
    """A version of a template."""

    id: UUID
    version: int
    code: str
    number: int
    state: PathwayState
    title_pl: str
    title_en: str
    entry_criteria_pl: str | None
    entry_criteria_en: str | None
    age_from_months: int | None
    age_to_months: int | None
    steps: list[PathwayStepWire]
    published_at: datetime | None
    changed_at: datetime
    allowed: list[PathwayVerb] = Field(default_factory=list)


class PathwayList(ListQuery):
    """Filters of pathways."""

    code: Code | None = None
    state: list[PathwayState] | None = None
