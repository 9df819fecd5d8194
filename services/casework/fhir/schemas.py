"""FHIR resources on the wire; their shape is that of HL7 FHIR R4."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.fhir.asking import FhirSearch

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PersonToken = Annotated[
    str, Strict(), StringConstraints(pattern=rf"^(urn:splot:person\|)?{_UUID}$")
]


class FhirRecord(BaseModel):
    """A resource of FHIR R4."""

    # What else stands in a resource is FHIR's to say.
    model_config = ConfigDict(extra="allow")

    resourceType: str  # noqa: N815
    id: str


class FhirRecords(BaseModel):
    """A Bundle of search results."""

    model_config = ConfigDict(extra="allow")

    resourceType: Literal["Bundle"]  # noqa: N815
    type: Literal["searchset"]
    total: int | None = Field(
        default=None, description="absent where there are more than 10,000"
    )
    link: list[dict[str, Any]] = Field(
        default_factory=list, description="`self`, and `next` where there is more"
    )
    entry: list[dict[str, Any]] = Field(default_factory=list)


class FhirStatement(BaseModel):
    """A CapabilityStatement."""

    model_config = ConfigDict(extra="allow")

    resourceType: Literal["CapabilityStatement"]  # noqa: N815


class RecordSearch(FhirSearch):
    """By whom a resource is about, and what changed."""

    subject: PersonToken | None = Field(
        default=None,
        alias="subject:identifier",
        description="`urn:splot:person|` and the id of a person",
    )
