"""A month's hours on the wire."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.casework.support_events.rules import HoursStatus


class HoursQuery(BaseModel):
    """The month of the hours."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    month: Annotated[
        # Only this century: any other year is a typing error.
        str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")
    ] = Field(description="a month: `2026-11`", examples=["2026-11"])


class EarlySupportHours(BaseModel):
    """A child's hours of early development support in a month."""

    case_id: UUID
    person_id: UUID
    month: str
    minutes: int
    hours: Decimal = Field(description="of 60 minutes, to two places")
    fewest_hours: int
    most_hours: int = Field(description="without the running body's consent")
    missing_hours: Decimal = Field(description="to the fewest")
    status: HoursStatus
    consent_document_id: UUID | None = Field(
        description="the running body's consent, valid on the day of the last meeting"
    )
