"""Outreach metrics on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, Strict

from services.chassis.ground.scalars import Code, Date, Id, Name, QueryFlag, Wire
from services.chassis.web.listing import FileQuery
from services.training.annulling import AnnulledRead

# The largest integer that JSON numbers represent exactly.
Value = Annotated[int, Strict(), Field(ge=0, le=2**53 - 1)]


class OutreachMetricCreate(Wire):
    """The value of a metric on a day."""

    programme_id: Id
    metric: Code
    value: Value
    as_of: Date
    # Required, so that the value can be checked.
    source: Name = Field(description="where the value was read")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme_id": "01990000-0000-7000-8000-0000000000d1",
                    "metric": "accounts_reached",
                    "value": 28931,
                    "as_of": "2023-12-31",
                    "source": "statystyki profilu projektu",
                }
            ]
        }
    )


class OutreachMetricUpdate(Wire):
    """A merge patch of value and source; metric and day stay."""

    # Defaults that are never used: absent fields stay, and null is refused.
    value: Value = Field(default_factory=int)
    source: Name = Field(default_factory=str)

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": 28931}]})


class OutreachMetricRead(AnnulledRead):
    """The value of a metric on a day."""

    id: UUID
    version: int
    programme_id: UUID
    metric: str
    value: int
    as_of: date
    source: str
    created_at: datetime
    changed_at: datetime


class OutreachMetricList(FileQuery):
    """Filters of outreach metrics."""

    programme_id: Id | None = None
    metric: list[Code] | None = Field(default=None, max_length=50)
    as_of: Date | None = Field(
        default=None, description="of each metric the newest value on that day alone"
    )
    # Both by default: a list without annulled values would hide mistakes.
    is_annulled: QueryFlag | None = None
