"""Compositions of programmes on the wire."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class PartRead(BaseModel):
    """A group, a location or a team that is not complete."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    label: str | None = Field(description="the group's code, or the authority's name")
    people: int
    missing: int = Field(description="how many are too few")
    excess: int = Field(description="how many are too many")


class PartsRead(BaseModel):
    """All groups, locations or teams of a programme."""

    model_config = ConfigDict(from_attributes=True)

    total: int
    complete: int
    people: int
    incomplete: list[PartRead]


class CompositionRead(BaseModel):
    """The people of a programme, against the planned numbers.

    By groups, by locations and by teams.
    """

    programme_code: str
    people: int = Field(description="who has a seat, or completed; each counted once")
    groups: PartsRead = Field(description="complete: every seat is taken")
    locations: PartsRead | None = Field(
        description="of a programme that trains so many from each location"
    )
    # A flag, since an incomplete list of locations could look like a complete one.
    names_all_locations: bool = Field(
        description="false: the registry was not asked, so that a location without"
        " anybody is not among them"
    )
    teams: PartsRead | None = Field(
        description="of a programme that trains teams of authorities; complete: of the"
        " size that it asks for"
    )
    is_complete: bool
