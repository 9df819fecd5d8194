"""FHIR resources on the wire; their shape is that of HL7 FHIR R4."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.bodies import Id
from services.screening.instruments.rules.definitions import InstrumentCode

PartId = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(0|[1-9][0-9]?)$")
]
"""A form of a version, or a scale of a screening, by its place."""


class FhirResource(BaseModel):
    """A resource of FHIR R4."""

    model_config = ConfigDict(extra="allow")

    resourceType: Literal["Questionnaire", "QuestionnaireResponse", "Observation"]  # noqa: N815
    id: str


class FhirBundle(BaseModel):
    """A searchset of FHIR R4."""

    model_config = ConfigDict(extra="allow")

    resourceType: Literal["Bundle"]  # noqa: N815
    type: Literal["searchset"]
    total: int
    entry: list[dict[str, Any]] = Field(default_factory=list)


class QuestionnaireSearch(BaseModel):
    """Which questionnaires."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    instrument: InstrumentCode | None = None


class ObservationSearch(BaseModel):
    """Which observations: those of one screening."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    screening_id: Id
