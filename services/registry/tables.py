"""The base class of the registry's tables, and the record of who entered
the days in them.
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, func, literal, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel, col

from services.chassis.data.tables import service_registry
from services.chassis.sending.tables import webhook_tables


# With a registry of its own: tests load all services into one process,
# and table names repeat.
class Table(SQLModel, registry=service_registry("registry")):
    """The base of the registry's table classes."""


webhook_tables(Table.metadata)


class Dated(SQLModel):
    """A table with days of its own; `recorded` has who entered each day, often
    long after it.
    """

    recorded: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=JSONB,
        sa_column_kwargs={"server_default": text("'{}'")},
    )


class Recorded(BaseModel):
    """Who entered a day, and when."""

    recorded_by: str
    recorded_at: datetime


RECORDED = Field(
    description="who entered which day and when, by the day's field; nothing of days entered before that was kept"
)


def recording(person: str, *fields: str) -> ColumnElement[Any]:
    """The value of `recorded` in a new row: this person enters the days of these fields now."""
    # By the database's clock, like `changed_at`: both are then the same instant.
    entry = func.jsonb_build_object(
        "recorded_by", literal(person), "recorded_at", func.now()
    )
    pairs = [part for field in fields for part in (literal(field), entry)]
    entries: ColumnElement[Any] = func.jsonb_build_object(*pairs)
    return entries


def also_recording(model: type[Dated], person: str, *fields: str) -> ColumnElement[Any]:
    """The value of `recorded` in an existing row, with these days added by this person."""
    entries: ColumnElement[Any] = col(model.recorded).op("||")(
        recording(person, *fields)
    )
    return entries
