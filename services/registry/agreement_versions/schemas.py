"""The texts of agreements on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Date, Line, Note, Wire

Sha256 = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Reference = Annotated[Line, StringConstraints(min_length=1, max_length=500)]


class AgreementVersionCreate(Wire):
    """A text: the first one, an annex or a new wording."""

    document_reference: Reference
    document_sha256: Sha256 = Field(
        description="SHA-256 of the document, 64 hexadecimal digits"
    )
    valid_from: Date
    valid_to: Date | None = Field(
        default=None, description="a later last day: an annex prolongs what is signed"
    )
    note: Note | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "document_reference": "OR.031.12.2026",
                    "document_sha256": "0" * 64,
                    "valid_from": "2025-09-01",
                }
            ]
        }
    )


class AgreementVersionRead(BaseModel):
    """A text as it was recorded."""

    agreement_id: UUID
    number: int
    document_reference: str
    document_sha256: str
    valid_from: date
    valid_to: date | None = Field(
        description="the last day to which this text prolonged the agreement"
    )
    valid_to_before: date | None = Field(
        description="the last day that it had until then"
    )
    note: str | None
    recorded_by: str
    recorded_at: datetime
