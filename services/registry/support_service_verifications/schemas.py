"""Verifications of support services on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Date, Wire


class VerificationCreate(Wire):
    """A day on which the description was found to be correct."""

    verified_on: Date

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"verified_on": "2025-10-08"}]}
    )


class VerificationRead(BaseModel):
    """A day on which the description was correct, and who entered it when."""

    id: UUID
    support_service_id: UUID
    verified_on: date
    recorded_by: str
    recorded_at: datetime = Field(description="often after that day")
