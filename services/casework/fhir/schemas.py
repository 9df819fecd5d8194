"""FHIR resources on the wire; their shape is that of HL7 FHIR R4."""

from typing import Annotated, Literal

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


class RecordLink(BaseModel):
    """Where a page of a Bundle is."""

    relation: Literal["self", "next"] = Field(description="which page")
    url: str = Field(description="its address")


class RecordSearchMode(BaseModel):
    """Why an entry stands in a Bundle."""

    mode: Literal["match", "include", "outcome"] = Field(
        description="`match`: it is what was asked for"
    )


class FhirRecordEntry(BaseModel):
    """A resource that was found."""

    fullUrl: str = Field(description="its address")  # noqa: N815
    resource: FhirRecord = Field(description="the resource")
    search: RecordSearchMode = Field(description="why it stands here")


class FhirRecords(BaseModel):
    """A Bundle of search results."""

    model_config = ConfigDict(extra="allow")

    resourceType: Literal["Bundle"]  # noqa: N815
    type: Literal["searchset"]
    total: int | None = Field(
        default=None, description="absent where there are more than 10,000"
    )
    link: list[RecordLink] = Field(
        default_factory=list, description="`self`, and `next` where there is more"
    )
    entry: list[FhirRecordEntry] = Field(default_factory=list)


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
