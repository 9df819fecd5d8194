"""The access log on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.casework.reads import Category
from services.chassis.ground.scalars import Id
from services.chassis.web.listing import ListQuery


class AccessLogEntry(BaseModel):
    """One read access to a person's data, or one change of them.

    The family does not see which employee it was (Court of Justice of the EU,
    C-579/21), but does see the institution, the role and the time.
    """

    id: int
    recorded_at: datetime
    # As they were at the time of access: accounts change their roles and institutions.
    institution_id: UUID | None
    roles: list[str]
    category: Category | None = Field(
        description="kind of data; null where it was about the person's rights"
    )
    action: str
    is_change: bool = Field(description="whether something was changed, and not read")
    account: str | None = Field(
        description="who it was; for the coordinators of the person's county alone"
    )


class AccessLogList(ListQuery):
    """The person whose log is read."""

    person_id: Id
