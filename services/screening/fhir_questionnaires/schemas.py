"""Questionnaires on the wire, and what every resource of the facade has."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.fhir.asking import FhirSearch
from services.screening.instruments.rules.definitions import InstrumentCode

PartId = Annotated[
    str,
    Strict(),
    StringConstraints(
        # Two digits: a version has at most 50 forms, a screening at most 100 scales.
        pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(0|[1-9][0-9]?)$"
    ),
]
"""A form of a version, or a scale of a screening, by its place."""

# InstrumentCode and ScaleCode written out: a pattern cannot be put together of types.
_FORM = "urn:splot:instrument:[A-Z][A-Z0-9_-]{1,39}:[A-Za-z][A-Za-z0-9_-]{0,39}"
Form = Annotated[
    str, Strict(), StringConstraints(pattern=rf"^{_FORM}(\|[1-9][0-9]{{0,8}})?$")
]
"""The address of a form, of one version or of any."""
FormOfVersion = Annotated[
    str, Strict(), StringConstraints(pattern=rf"^{_FORM}\|[1-9][0-9]{{0,8}}$")
]


class FhirResource(BaseModel):
    """A resource of FHIR R4."""

    model_config = ConfigDict(extra="allow")

    resourceType: Literal["Questionnaire", "QuestionnaireResponse", "Observation"]  # noqa: N815
    id: str


class BundleLink(BaseModel):
    """Where a page of a searchset is."""

    relation: Literal["self", "next"] = Field(description="which page")
    url: str = Field(description="its address")


class BundleSearch(BaseModel):
    """Why an entry stands in a searchset."""

    mode: Literal["match", "include", "outcome"] = Field(
        description="`match`: it is what was asked for"
    )


class FhirBundleEntry(BaseModel):
    """A resource that was found."""

    fullUrl: str = Field(description="its address")  # noqa: N815
    resource: FhirResource = Field(description="the resource")
    search: BundleSearch = Field(description="why it stands here")


class FhirBundle(BaseModel):
    """A searchset of FHIR R4."""

    model_config = ConfigDict(extra="allow")

    resourceType: Literal["Bundle"]  # noqa: N815
    type: Literal["searchset"]
    total: int | None = Field(
        default=None, description="absent where there are more than 10,000"
    )
    link: list[BundleLink] = Field(
        default_factory=list, description="`self`, and `next` where there is more"
    )
    entry: list[FhirBundleEntry] = Field(default_factory=list)


class QuestionnaireSearch(FhirSearch):
    """Which questionnaires."""

    instrument: InstrumentCode | None = Field(
        default=None, description="code of the instrument"
    )
    url: Form | None = Field(
        default=None, description="of the form, with or without its version"
    )
