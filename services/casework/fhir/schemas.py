"""Search parameters of FHIR clients."""

from typing import Annotated

from pydantic import Field, Strict, StringConstraints

from services.chassis.fhir.asking import FhirSearch

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PersonToken = Annotated[
    str, Strict(), StringConstraints(pattern=rf"^(urn:splot:person\|)?{_UUID}$")
]


class RecordSearch(FhirSearch):
    """A search by the person whom a resource is about, and by the time of change."""

    subject: PersonToken | None = Field(
        default=None,
        alias="subject:identifier",
        description="`urn:splot:person|` and the id of a person",
    )
