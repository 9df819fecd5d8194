"""Moving a case from state to state, on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.casework.cases.rules import CaseState
from services.chassis.ground.scalars import Code, Wire


class CaseMove(Wire):
    """Why a case is moved, where a reason is needed."""

    # A code and no text: the history and the events carry it.
    reason: Code | None = Field(
        default=None,
        description="a code of the county's own list, such as `goals_reached` or"
        " `family_moved`",
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "goals_reached"}]}
    )


class TimelineEntry(BaseModel):
    """One entry of a case's history: who, when, and with what result. No content."""

    at: datetime
    kind: str = Field(description="`case` for a change of state, else what changed")
    verb: str
    state: str | None
    reason: str | None
    by: str = Field(description="account of who did it")


class Timeline(BaseModel):
    """The history of a case, the oldest first."""

    state: CaseState
    items: list[TimelineEntry]
