"""Norm sets on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Wire
from services.chassis.web.listing import ListQuery
from services.screening.instruments.rules.definitions import InstrumentCode
from services.screening.instruments.rules.norms import NormDocument
from services.screening.norm_sets.rules import NormSetState

DOCUMENT_EXAMPLE: dict[str, Any] = {
    "title": {"pl": "Normy przykładowe", "en": "Example norms"},
    "sample": {"n": 300, "year": 2026, "country": "PL"},
    "norms": [
        {
            "scale": "TOTAL",
            "age_from": 36,
            "age_to": 72,
            "mean": 0.4,
            "sd": 0.5,
            "reliability": 0.8,
        }
    ],
}


class NormSetCreate(Wire):
    """A new set of norms, as a draft."""

    code: InstrumentCode = Field(description="names these norms in every result")
    document: NormDocument

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "EXAMPLE-2026", "document": DOCUMENT_EXAMPLE}]
        }
    )


class NormSetUpdate(Wire):
    """Other norms for a draft."""

    document: NormDocument

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"document": DOCUMENT_EXAMPLE}]}
    )


class NormSetEntry(BaseModel):
    """A norm set in a list, without its tables."""

    id: UUID
    version: int
    instrument: str
    instrument_version: int
    code: str
    state: NormSetState
    title: dict[str, str]
    in_force_from: datetime | None
    in_force_by: str | None
    replaced_at: datetime | None
    changed_at: datetime


class NormSetRead(NormSetEntry):
    """A norm set."""

    document: NormDocument


class NormSetList(ListQuery):
    """Filters of norm sets."""

    state: list[NormSetState] | None = None
