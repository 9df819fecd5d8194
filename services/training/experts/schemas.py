"""Filters of external experts."""

from pydantic import Field

from services.chassis.ground.scalars import Code, Date
from services.chassis.web.listing import FileQuery


class ExpertList(FileQuery):
    """Filters of external experts."""

    competence: list[Code] | None = Field(
        default=None, max_length=50, description="of any of these fields"
    )
    as_of: Date | None = Field(default=None, description="who has not left by that day")
