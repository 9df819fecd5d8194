"""The registry's own registry of tables, and who recorded the days in them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, func, literal, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel, col

from services.chassis.data.tables import service_registry
from services.chassis.sending.tables import webhook_tables


# Of its own: tests load every service into one process, and names of tables repeat.
class Table(SQLModel, registry=service_registry("registry")):
    """The base of the registry's table classes."""


webhook_tables(Table.metadata)


class Dated(SQLModel):
    """What has days of its own: each is entered by somebody, often long after it."""

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
    # By the database's clock, as `changed_at` beside it: the two are then the same instant.
    entry = func.jsonb_build_object(
        "recorded_by", literal(person), "recorded_at", func.now()
    )
    pairs = [part for field in fields for part in (literal(field), entry)]
    entries: ColumnElement[Any] = func.jsonb_build_object(*pairs)
    return entries


def also_recording(model: type[Dated], person: str, *fields: str) -> ColumnElement[Any]:
    """The value of `recorded` in a row of the model when this person enters these days as well."""
    entries: ColumnElement[Any] = col(model.recorded).op("||")(
        recording(person, *fields)
    )
    return entries
