"""Searches for a person on the wire."""

from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.casework.people.schemas import PersonSummary, Pesel
from services.chassis.ground.scalars import Date, Id, Name, Wire

# Codes and no free text, because the audit record of the search contains them.
Purpose = Literal["intake", "case", "duplicate", "rights"]


class PersonSearch(Wire):
    """A search for a person: by number, or by two of given name,
    family name and birth date.
    """

    pesel: Pesel | None = None
    given_name: Name | None = None
    family_name: Name | None = None
    born_on: Date | None = None
    purpose: Purpose = Field(description="why; noted with the search")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "family_name": "Przykładowa",
                    "born_on": "2023-02-28",
                    "purpose": "intake",
                }
            ]
        }
    )

    @model_validator(mode="after")
    def _is_enough(self) -> Self:
        # One fact alone would match too many people.
        name_facts = [self.given_name, self.family_name, self.born_on]
        if self.pesel is None and sum(fact is not None for fact in name_facts) < 2:
            raise PydanticCustomError("missing", "missing")
        return self


class PersonMatches(BaseModel):
    """The people found within the caller's reach."""

    items: list[PersonSummary] = Field(max_length=20)


class SubjectReference(BaseModel):
    """The random reference under which screening keeps a child's results."""

    subject_ref: UUID


class SubjectResolve(Wire):
    """A reference that screening knows."""

    subject_ref: Id

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"subject_ref": "3f6c1a52-8a2e-4a53-9a52-0c1f4f0c7b11"}]
        }
    )


class SubjectPerson(BaseModel):
    """The person to whom a reference belongs."""

    person_id: UUID | None = Field(
        description="null where there is none within the caller's reach"
    )
