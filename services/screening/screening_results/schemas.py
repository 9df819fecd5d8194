"""Results of screenings on the wire."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.screening.instruments.rules.outcomes import Informant, Outcome
from services.screening.protocols.schemas import Labels
from services.screening.screening_results.rules.pictures import Picture
from services.screening.screenings.rules.states import State


class ScaleNorms(BaseModel):
    """A raw score among children of the same age, sex and informant."""

    z: float | None
    t: float | None
    sten: int | None
    stanine: int | None
    percentile: float | None
    low: float | None = Field(
        default=None, description="raw score at which its interval of 95 % begins"
    )
    high: float | None = Field(
        default=None, description="raw score at which its interval of 95 % ends"
    )


class ScaleFigure(BaseModel):
    """The result of one scale."""

    code: str
    # Null and never 0: a partly filled form would be taken for a complete one.
    raw: float | None = Field(description="null where too few items were answered")
    answered: int = Field(description="items that were answered")
    expected: int = Field(description="items that it is made of")
    is_prorated: bool = Field(description="whether what is missing was made up for")
    norms: ScaleNorms | None
    band: str | None
    outcome: Outcome | None


class FormResult(BaseModel):
    """The result of one form."""

    form: str
    scales: list[ScaleFigure] = Field(description="scale by scale")
    critical: list[str] = Field(description="items answered in a way that is told")
    outcome: Outcome
    suggestion: str | None = Field(description="code of what is suggested to a person")
    norm_set: str | None = Field(description="code of the norms")


class ReplacedResultRead(BaseModel):
    """A result that a re-scoring replaced."""

    version: int
    outcome: Outcome | None
    norm_set_id: UUID | None
    rescoring_id: UUID = Field(description="identifier of the re-scoring")
    replaced_by: str = Field(description="account that accepted the re-scoring")
    replaced_at: datetime
    result: FormResult = Field(description="what it was")


class AnswerPart(BaseModel):
    """The value of an answer, and the points that it added to a scale."""

    item: str
    value: float | None
    points: float | None = Field(description="null where it adds none")


# The parts of this scale are in `trace` under its own code.
class ScalePart(BaseModel):
    """A scale that is part of another scale."""

    scale: str


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
    result: FormResult = Field(description="scale by scale, and as a whole")
    replaced: list[ReplacedResultRead] = Field(
        description="earlier results that a re-scoring replaced, the oldest first"
    )


class ExplanationRead(BaseModel):
    """A result in words, with what every answer added to the scales."""

    screening_id: UUID
    sentences: dict[str, list[str]] = Field(
        description="by language, ending in what a screening is not"
    )
    trace: dict[str, list[AnswerPart | ScalePart]] = Field(
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
    norms: ScaleNorms | None
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
    """The results of several informants for one subject.

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
    """The requested format of a profile."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    format: Picture | None = Field(default=None, description="goes before Accept")


class ProfileRead(BaseModel):
    """A Vega-Lite document."""

    model_config = ConfigDict(extra="allow")

    data: dict[str, Any]
