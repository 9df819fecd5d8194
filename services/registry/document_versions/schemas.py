"""Versions of documents on the wire; their files are served as they are."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.file_kinds import MediaType
from services.chassis.ground.scalars import Date, Line, Name, Note, Wire
from services.registry.document_versions.rules import DocumentState

Author = Annotated[Line, StringConstraints(min_length=1, max_length=200)]


class DocumentVersionCreate(Wire):
    """The next version of a document; its file follows."""

    authors: list[Author] = Field(
        min_length=1,
        max_length=20,
        description="institutions, teams or offices that worked it out; no persons",
    )
    note: Note | None = Field(default=None, description="what is new in it")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"authors": ["Zespół Synergii Lokalnej"]}]}
    )


# A body or an office adopts by a resolution, and the resolution has no record here.
class DocumentAdopt(Wire):
    """Who adopted a version, and when."""

    adopted_on: Date
    adopted_by: Name = Field(description="the body or office, and its resolution")
    valid_from: Date | None = Field(
        default=None, description="first day; the day of adoption when absent"
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "adopted_on": "2025-03-20",
                    "adopted_by": "Zarząd Powiatu, uchwała nr 41/2025",
                }
            ]
        }
    )


class DocumentVersionRead(BaseModel):
    """A version of a document."""

    id: UUID = Field(description="by which a step names it as its evidence")
    version: int = Field(description="of this record, for its ETag")
    document_id: UUID
    number: int
    state: DocumentState
    authors: list[str]
    note: str | None
    media_type: MediaType | None = Field(description="null until the file is sent")
    size: int | None = Field(description="bytes of the file")
    sha256: str | None = Field(description="of the file, in hexadecimal digits")
    adopted_on: date | None
    adopted_by: str | None
    valid_from: date | None
    recorded_by: str
    changed_at: datetime
