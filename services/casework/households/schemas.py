"""Households on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.casework.household_members.rules import HouseholdRole
from services.casework.people.schemas import CountyTerc
from services.chassis.ground.scalars import Date, Id, Wire
from services.chassis.web.listing import ListQuery

_MEMBER: JsonDict = {
    "person_id": "01990000-0000-7000-8000-000000000001",
    "role": "child",
    "joined_on": "2023-02-28",
}


class MemberJoin(Wire):
    """Somebody who lives in a household from a day on."""

    person_id: Id
    role: HouseholdRole
    joined_on: Date

    model_config = ConfigDict(json_schema_extra={"examples": [{**_MEMBER}]})


class MemberLeave(Wire):
    """When somebody left a household."""

    left_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"left_on": "2026-03-01"}]}
    )


class HouseholdCreate(Wire):
    """People who live together. A child may live in two households, in turn."""

    county_terc: CountyTerc
    # More than any family has: a children's home is an institution, in the registry.
    members: list[MemberJoin] = Field(min_length=1, max_length=30)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"county_terc": "2469", "members": [_MEMBER]}]}
    )


class MemberRead(BaseModel):
    """Somebody in a household."""

    id: UUID
    person_id: UUID
    role: HouseholdRole
    joined_on: date
    left_on: date | None


class HouseholdRead(BaseModel):
    """People who live together, and former members."""

    id: UUID
    version: int
    county_terc: str
    members: list[MemberRead]
    created_at: datetime
    changed_at: datetime


# Always of one person: a list of all households would be a list of families.
class HouseholdList(ListQuery):
    """The person whose households are listed."""

    person_id: Id
