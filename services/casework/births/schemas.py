"""Births on the wire."""

from pydantic import BaseModel, ConfigDict, Field

from services.casework.births.rules import MOST_CHILDREN
from services.casework.people.rules import Sex
from services.casework.people.schemas import Identity, PersonRead
from services.chassis.ground.scalars import Date, Name, Wire


class BornChild(Identity):
    """A child who was born. Fields left out stay as recorded for the expected child."""

    # Optional before the birth, required for a child who was born.
    given_name: Name
    family_name: Name
    born_on: Date
    # If it is left out, the first child keeps what was recorded before the birth.
    sex: Sex | None = None


class BirthCreate(Wire):
    """One child, or several: the first keeps the record of the expected child."""

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
    """The children who were born. The first has the record of the expected child."""

    children: list[PersonRead]


class PregnancyEnd(Wire):
    """The day on which a pregnancy ended without a birth. Nothing else is asked for."""

    ended_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ended_on": "2026-02-28"}]}
    )
