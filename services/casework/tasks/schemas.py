"""Tasks on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.casework.people.schemas import CountyTerc
from services.casework.tasks.rules import TaskKind
from services.chassis.ground.scalars import Date, Id, QueryFlag
from services.chassis.web.listing import ListQuery


class TaskRead(BaseModel):
    """A task with a due day. It is computed; to change it, change its source at `link`."""

    # Not a UUID, because several tasks may follow from one row.
    id: str = Field(description="the same for as long as the task is there")
    kind: TaskKind
    subject_id: UUID = Field(description="id of what it follows from")
    person_id: UUID | None
    case_id: UUID | None
    case_number: str | None
    county_terc: str
    due_on: date
    starts_at: datetime | None = Field(
        description="of what has a time of day, such as the first meeting of a referral"
    )
    is_overdue: bool
    responsible: str | None = Field(
        description="account of who is to act: whoever is named, else the case's"
        " coordinator"
    )
    is_mine: bool = Field(description="whether the caller is to act")
    title_pl: str
    title_en: str
    link: str = Field(description="address of what it follows from")


class TaskList(ListQuery):
    """Filters of tasks. Without `due_to` the list ends with tasks due soon."""

    kind: list[TaskKind] | None = None
    due_to: Date | None = Field(
        default=None, description="due on that day or before, overdue ones included"
    )
    is_overdue: QueryFlag | None = None
    is_mine: QueryFlag | None = None
    case_id: Id | None = None
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
