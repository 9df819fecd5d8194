"""The value type of a target. Pure."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Target(NamedTuple):
    """How many children are to complete a stage: in a county, with an implementer, or in all."""

    id: UUID
    stage: int
    county_terc: str | None
    implementer: str | None
    subjects: int
    set_at: datetime
