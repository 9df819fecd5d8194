"""Indicators on the wire."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from services.chassis.ground.problems import Language
from services.chassis.ground.scalars import Code, Count, Date, Line, Name, Wire
from services.chassis.web.listing import ListQuery
from services.training.annulling import AnnulledRead
from services.training.indicators.rules import IndicatorKind, IndicatorMeasure
from services.training.programmes.schemas import ProgrammeCode

Share = Annotated[Decimal, PlainSerializer(lambda part: f"{part:.1f}", return_type=str)]
Goal = Annotated[Count, Field(ge=1)]


class IndicatorCreate(Wire):
    """A target of a programme; parts by sex sum to it."""

    programme: ProgrammeCode
    code: Code
    kind: IndicatorKind
    measure: IndicatorMeasure
    title_pl: Name
    title_en: Name
    target: Goal
    target_female: Count | None = None
    target_male: Count | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme": "FERS",
                    "code": "staff_trained_again",
                    "kind": "output",
                    "measure": "supported_staff",
                    "title_pl": "Kadra JST objęta wsparciem",
                    "title_en": "Staff of local authorities who were supported",
                    "target": 150,
                    "target_female": 105,
                    "target_male": 45,
                }
            ]
        }
    )


class IndicatorValueCreate(Wire):
    """A value from another source, for one day."""

    as_of: Date
    total: Count
    female: Count | None = None
    male: Count | None = None
    source: Line = Field(description="who reports it, and where it stands")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "as_of": "2026-06-30",
                    "total": 12,
                    "female": 8,
                    "male": 4,
                    "source": "sprawozdanie za I półrocze",
                }
            ]
        }
    )


class IndicatorRead(BaseModel):
    """An indicator without its progress."""

    id: UUID
    version: int
    programme: str = Field(description="the programme's code")
    code: str
    kind: IndicatorKind
    measure: IndicatorMeasure
    title_pl: str
    title_en: str
    target: int
    target_female: int | None
    target_male: int | None
    changed_at: datetime

    def title(self, language: Language) -> str:
        """The title in a language."""
        return self.title_pl if language == "pl" else self.title_en


class IndicatorValueRead(AnnulledRead):
    """A reported value."""

    id: UUID
    version: int
    as_of: date
    total: int
    female: int | None
    male: int | None
    source: str


class Reached(BaseModel):
    """The progress to a target, or to its part for one sex."""

    target: int
    achieved: int
    share: Share = Field(description="percent of the target, half up")
    missing: int


class IndicatorProgressRead(BaseModel):
    """The progress of an indicator."""

    indicator: IndicatorRead
    is_computed: bool = Field(
        description="from records; else the newest reported value"
    )
    whole: Reached
    female: Reached | None
    male: Reached | None
    reported: list[IndicatorValueRead] = Field(
        description="the newest first, annulled ones among them"
    )


class IndicatorList(ListQuery):
    """Filters of indicators."""

    programme: list[ProgrammeCode] | None = None
    kind: list[IndicatorKind] | None = None


class PictureFormat(StrEnum):
    """The formats of a picture."""

    SVG = "svg"
    PNG = "png"
    VEGA_LITE = "vega_lite"


class PictureQuery(Wire):
    """The format of the picture."""

    format: PictureFormat = PictureFormat.SVG
