"""Deadlines of documents, on the wire."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.documents.rules.deadlines import DeadlineCode
from services.casework.documents.rules.kinds import DocumentKind
from services.casework.documents.schemas import DeadlineRead
from services.casework.people.schemas import CountyTerc
from services.chassis.ground.scalars import Date, Id, Line
from services.chassis.web.listing import QueryCount


class DocumentDeadline(DeadlineRead):
    """A deadline that follows from a document."""

    document_id: UUID
    kind: DocumentKind
    county_terc: str
    person_id: UUID
    case_id: UUID | None


# No `ListQuery`: computed items have no columns to sort by or to choose.
class DeadlineList(BaseModel):
    """Which documents' deadlines are listed, and up to which day."""

    due_to: Date | None = Field(
        default=None, description="due on that day or before; today when absent"
    )
    on: Date | None = Field(
        default=None, description="as of that day; today when absent"
    )
    county_terc: list[CountyTerc] | None = Field(default=None, max_length=400)
    case_id: Id | None = None
    person_id: Id | None = None
    code: list[DeadlineCode] | None = None
    limit: QueryCount = Field(default=50, ge=1, le=200, description="items on a page")
    cursor: Line | None = Field(
        default=None, max_length=1000, description="`next_cursor` of the page before"
    )

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
