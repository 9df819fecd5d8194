"""Resources and Bundles on the wire; their shape is that of HL7 FHIR R4."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class FhirResource(BaseModel):
    """A resource of FHIR R4."""

    # FHIR defines what else is in a resource.
    model_config = ConfigDict(extra="allow")

    resourceType: str  # noqa: N815
    id: str


class BundleLink(BaseModel):
    """Where a page of a Bundle is."""

    relation: Literal["self", "next"] = Field(description="which page")
    url: str = Field(description="its address")


class BundleSearch(BaseModel):
    """Why an entry stands in a Bundle."""

    mode: Literal["match", "include", "outcome"] = Field(
        description="`match`: it is what was asked for"
    )


class FhirBundleEntry(BaseModel):
    """A resource that was found."""

    fullUrl: str = Field(description="its address")  # noqa: N815
    resource: FhirResource = Field(description="the resource")
    search: BundleSearch = Field(description="why it stands here")


class FhirBundle(BaseModel):
    """A Bundle of search results."""

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


class FhirCapabilities(BaseModel):
    """A CapabilityStatement of FHIR R4."""

    # It describes the service and no person: clients read FHIR's fields.
    model_config = ConfigDict(extra="allow")

    resourceType: Literal["CapabilityStatement"]  # noqa: N815
    fhirVersion: Literal["4.0.1"] = Field(description="version of FHIR")  # noqa: N815
