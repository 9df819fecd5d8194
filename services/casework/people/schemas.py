"""People on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints
from pydantic.config import JsonDict

from services.casework.people.rules import PersonKind, Sex
from services.chassis.ground.scalars import Date, Id, Line, Name, Note, Wire
from services.chassis.web.listing import ByIds

CountyTerc = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{4}$")]
Pesel = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{11}$")]
# As people write it: the number is only shown and called, never compared.
Telephone = Annotated[
    str, Strict(), StringConstraints(pattern=r"^\+?[0-9][0-9 ()-]{4,24}$")
]
# Not a real person. The number is valid, because the example must be accepted.
_EXAMPLE: JsonDict = {
    "county_terc": "2469",
    "kind": "born",
    "given_name": "Zofia",
    "family_name": "Przykładowa",
    "born_on": "2023-02-28",
    "sex": "female",
    "pesel": "23222899984",
    "telephone": "+48 600 000 000",
}


class Identity(Wire):
    """The identity of a person. It is kept sealed, under the person's own key."""

    # Nothing is required here: required fields depend on the kind of person,
    # see `contradictions`.
    given_name: Name | None = None
    family_name: Name | None = None
    born_on: Date | None = None
    pesel: Pesel | None = None
    pesel_override_reason: Note | None = Field(
        default=None,
        description="why a number is right whose check digit, date or sex says"
        " otherwise",
    )
    address: Note | None = None
    telephone: Telephone | None = None
    # Only a minimal form: only a message shows whether an address works.
    email: Line | None = Field(
        default=None, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"
    )


class PersonCreate(Identity):
    """A new person: a child, a pupil, a guardian, or a child that a family expects."""

    county_terc: CountyTerc = Field(
        description="the county that answers for the person"
    )
    kind: PersonKind = PersonKind.BORN
    sex: Sex | None = None
    expected_on: Date | None = Field(
        default=None, description="of an expected child, the day of the expected birth"
    )
    mother_id: Id | None = Field(
        default=None,
        description="of an expected child, who bears it: somebody of the same county, whose account leads to the child",
    )

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})


# Without county and kind: these change by a transfer and by a birth.
class PersonUpdate(Identity):
    """A merge patch: what is left out stays, null clears."""

    sex: Sex | None = None
    expected_on: Date | None = None
    mother_id: Id | None = Field(
        default=None,
        description="of a child who is still expected, who bears it: her account leads to the child",
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"telephone": "+48 600 000 001"}]}
    )


class PersonSummary(BaseModel):
    """A person, as a list shows them."""

    id: UUID
    version: int
    county_terc: str
    kind: PersonKind
    given_name: str | None
    family_name: str | None
    born_on: date | None
    sex: Sex | None
    expected_on: date | None
    merged_into: UUID | None = Field(
        default=None, description="the record that this one became part of"
    )
    changed_at: datetime


class PersonRead(PersonSummary):
    """A person, with all identity fields."""

    pesel: str | None = Field(
        default=None,
        description="for whoever may change it, and the person's own guardian",
    )
    pesel_override_reason: str | None = None
    address: str | None = None
    telephone: str | None = None
    email: str | None = None
    mother_id: UUID | None = None
    expected_with_id: UUID | None = Field(
        default=None,
        description="of a twin, the record under which both were expected, with the"
        " history before the birth",
    )
    pregnancy_ended_on: date | None = Field(
        default=None, description="of a child who will not be born"
    )
    is_restricted: bool = Field(
        default=False,
        description="processing is restricted (GDPR, art. 18): nothing is changed or"
        " sent",
    )
    created_at: datetime


class PersonList(ByIds):
    """Filters of people. Searches by name or number are `POST /people:search`."""

    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    kind: PersonKind | None = None
