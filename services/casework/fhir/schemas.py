"""FHIR resources on the wire; their shape is that of HL7 FHIR R4."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PersonToken = Annotated[
    str, Strict(), StringConstraints(pattern=rf"^(urn:splot:person\|)?{_UUID}$")
]
Since = Annotated[
    str,
    Strict(),
    StringConstraints(
        pattern=r"^(ge)?20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
    ),
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
    entry: list[dict[str, Any]] = Field(default_factory=list)


class FhirStatement(BaseModel):
    """A CapabilityStatement."""

    model_config = ConfigDict(extra="allow")

    resourceType: Literal["CapabilityStatement"]  # noqa: N815


class RecordSearch(BaseModel):
    """By whom a resource is about, and what changed."""

    model_config = ConfigDict(
        extra="forbid", hide_input_in_errors=True, populate_by_name=True
    )

    subject: PersonToken | None = Field(
        default=None,
        alias="subject:identifier",
        description="`urn:splot:person|` and the id of a person",
    )
    last_updated: Since | None = Field(
        default=None,
        alias="_lastUpdated",
        description="changed on that day or later: `ge2026-11-02`",
    )
