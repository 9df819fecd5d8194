"""What FHIR's clients ask casework for."""

from typing import Annotated

from pydantic import Field, Strict, StringConstraints

from services.chassis.fhir.asking import FhirSearch

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PersonToken = Annotated[
    str, Strict(), StringConstraints(pattern=rf"^(urn:splot:person\|)?{_UUID}$")
]


class RecordSearch(FhirSearch):
    """By whom a resource is about, and what changed."""

    subject: PersonToken | None = Field(
        default=None,
        alias="subject:identifier",
        description="`urn:splot:person|` and the id of a person",
    )
