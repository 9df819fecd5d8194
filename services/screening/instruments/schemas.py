"""Instruments and their versions on the wire."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Line, Note, Wire
from services.chassis.web.listing import ListQuery, QueryCount
from services.screening.instruments.rules.definitions import (
    Definition,
    InstrumentCode,
    Purpose,
)
from services.screening.instruments.rules.items import Words
from services.screening.instruments.rules.states import VersionState

VersionNumber = Annotated[QueryCount, Field(ge=1, le=32767)]
LICENCE_EXAMPLE = {
    "holder": "Example",
    "licence_id": "CC0-1.0",
    "items_redistributable": True,
    "electronic_use_allowed": True,
    "translation_allowed": True,
}
DEFINITION_EXAMPLE: dict[str, Any] = {
    "format": "splot-instrument/1",
    "title": {"pl": "Przykład", "en": "Example"},
    "licence": LICENCE_EXAMPLE,
    "items": [
        {
            "code": "Q1",
            "type": "ordinal",
            "text": {
                "pl": "Bawi się z innymi dziećmi.",
                "en": "Plays with other children.",
            },
            "options": [
                {"code": "yes", "label": {"pl": "tak", "en": "yes"}, "value": 0.0},
                {"code": "no", "label": {"pl": "nie", "en": "no"}, "value": 1.0},
            ],
            "icf": ["d880"],
        }
    ],
    "scales": [
        {
            "code": "TOTAL",
            "name": {"pl": "Razem", "en": "Total"},
            "kind": "sum",
            "items": [{"item": "Q1"}],
        },
    ],
    "forms": [
        {
            "code": "A",
            "title": {"pl": "Arkusz", "en": "Sheet"},
            "age_from": 36,
            "age_to": 72,
            "informants": ["parent", "teacher"],
            "items": ["Q1"],
            "scales": ["TOTAL"],
        }
    ],
}


class DefinitionCreate(Definition):
    """Questions and scoring: the document that the published JSON Schema describes."""

    model_config = ConfigDict(json_schema_extra={"examples": [DEFINITION_EXAMPLE]})


class InstrumentCreate(Wire):
    """A new instrument, still without a version."""

    code: InstrumentCode
    family: InstrumentCode = Field(
        description="instruments that measure the same bear one family name"
    )
    name: Words
    description: Words | None = None
    purpose: Purpose = Purpose.SCREENING
    supersedes: InstrumentCode | None = Field(
        default=None, description="the instrument whose place it takes"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "EXAMPLE",
                    "family": "EXAMPLE",
                    "name": {"pl": "Przykład", "en": "Example"},
                }
            ]
        }
    )


class InstrumentRead(BaseModel):
    """An instrument."""

    id: UUID
    version: int
    code: str
    family: str
    name: dict[str, str]
    description: dict[str, str] | None
    purpose: Purpose
    supersedes: str | None
    superseded_by: list[str] = Field(description="instruments that take its place")
    published_version: int | None = Field(
        description="number of the newest published version"
    )
    changed_at: datetime


class InstrumentList(ListQuery):
    """Filters of instruments."""

    family: InstrumentCode | None = None
    purpose: Purpose | None = None


class InstrumentVersionEntry(BaseModel):
    """A version in a list, without its definition."""

    id: UUID
    version: int = Field(description="of this record, for its ETag")
    instrument: str
    number: int
    state: VersionState
    title: dict[str, str]
    publisher: str | None = Field(description="who signed the package that it came in")
    published_at: datetime | None
    published_by: str | None
    retired_at: datetime | None
    retiring_reason: str | None
    changed_at: datetime


class InstrumentVersionRead(InstrumentVersionEntry):
    """A version with its definition; text that may not be passed on is left out."""

    definition: Definition


class InstrumentVersionList(ListQuery):
    """Filters of an instrument's versions."""

    state: list[VersionState] | None = None


class VersionRetirement(Wire):
    """Why a version is no longer to be used."""

    reason: Note

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "zastąpiona wersją 2"}]}
    )


class DefinitionSchema(BaseModel):
    """The JSON Schema (2020-12) of definitions."""

    model_config = ConfigDict(extra="allow")

    title: Line
