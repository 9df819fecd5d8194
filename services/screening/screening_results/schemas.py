"""Results of screenings on the wire."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.screening.instruments.rules.outcomes import Informant, Outcome
from services.screening.protocols.schemas import Labels
from services.screening.screening_results.rules.pictures import Picture
from services.screening.screenings.rules.states import State


class ResultRead(BaseModel):
    """The result of a screening. A suggestion to a person, not a diagnosis."""

    screening_id: UUID
    version: int
    state: State
    is_confirmed: bool
    outcome: Outcome | None
    age_months: int
    instrument_code: str
    instrument_version: int
    norm_set_id: UUID | None
    scored_at: datetime
    result: dict[str, Any] = Field(
        description="form, scales, critical answers, outcome, suggestion, norm set"
    )
    replaced: list[dict[str, Any]] = Field(
        description="earlier results that a re-scoring replaced, the oldest first"
    )


class ExplanationRead(BaseModel):
    """A result in words, with the way from answers to scales."""

    screening_id: UUID
    sentences: dict[str, list[str]] = Field(
        description="by language, ending in what a screening is not"
    )
    trace: dict[str, list[dict[str, Any]]] = Field(
        description="of each scale, what every answer added"
    )


class ComparedScreening(BaseModel):
    """The screening by one informant."""

    informant: Informant
    label: Labels
    screening_id: UUID
    form_code: str
    administered_on: date
    state: State
    outcome: Outcome
    outcome_label: Labels


class ComparedFigure(BaseModel):
    """The result of a scale by one informant."""

    informant: Informant
    raw: float | None
    norms: dict[str, float | None] | None = Field(
        description="z, T, sten, stanine, percentile and the interval"
    )
    band: str | None
    band_label: Labels | None
    outcome: Outcome | None
    outcome_label: Labels | None


class ComparedScale(BaseModel):
    """A scale by every informant whose form has it."""

    scale: str
    label: Labels
    is_agreed: bool | None = Field(
        description="whether all who say something say the same; null of fewer than two"
    )
    by_informant: list[ComparedFigure]


class ComparisonRead(BaseModel):
    """A subject as several informants see it.

    A suggestion to a person, not a diagnosis.
    """

    screening_id: UUID
    subject_ref: UUID
    instrument_code: str
    instrument_version: int
    note: Labels
    informants: list[ComparedScreening] = Field(
        description="the screening that was asked for first"
    )
    scales: list[ComparedScale]


class ProfileQuery(BaseModel):
    """How a profile is wanted."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    format: Picture | None = Field(default=None, description="goes before Accept")


class ProfileRead(BaseModel):
    """A Vega-Lite document."""

    model_config = ConfigDict(extra="allow")

    data: dict[str, Any]
