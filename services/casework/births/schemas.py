"""Births on the wire."""

from pydantic import BaseModel, ConfigDict, Field

from services.casework.births.rules import MOST_CHILDREN
from services.casework.people.rules import Sex
from services.casework.people.schemas import Identity, PersonRead
from services.chassis.ground.scalars import Date, Name, Wire


class BornChild(Identity):
    """A child who was born. What is left out stays as it was recorded of the expected child."""

    # Optional before the birth; a child who is born has a name and a birthday.
    given_name: Name
    family_name: Name
    born_on: Date
    # Left out, the first child keeps what was said of it before the birth.
    sex: Sex | None = None


class BirthCreate(Wire):
    """One child, or several: the first keeps the record under which they were expected."""

    children: list[BornChild] = Field(min_length=1, max_length=MOST_CHILDREN)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "children": [
                        {
                            "given_name": "Hanna",
                            "family_name": "Przykładowa",
                            "born_on": "2026-02-28",
                            "sex": "female",
                        }
                    ]
                }
            ]
        }
    )


class BirthRead(BaseModel):
    """The children who were born: the first is the record under which they were expected."""

    children: list[PersonRead]


class PregnancyEnd(Wire):
    """The day on which a pregnancy ended without a birth. Nothing else is asked."""

    ended_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ended_on": "2026-02-28"}]}
    )
