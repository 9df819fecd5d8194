"""Attachments on the wire; their content is served as it is."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from services.chassis.file_kinds import DeletionReason, MediaType
from services.chassis.ground.scalars import Name, Note, Wire


class Titled(Wire):
    """The title of a file."""

    # It comes in a header, and the checks of the body do not cover headers.
    title: Name | None = None


class AttachmentDelete(Wire):
    """Why a file is deleted."""

    reason: DeletionReason
    note: Note | None = Field(
        default=None, description="the reason in words; kept sealed"
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "of_somebody_else"}]}
    )


class AttachmentRead(BaseModel):
    """A file of a document without its content, or the remaining data of a deleted one."""

    id: UUID
    version: int
    document_id: UUID
    media_type: MediaType
    size: int = Field(description="bytes of what is kept")
    title: str | None = Field(
        description="the name under which the file was sent, until it is deleted"
    )
    sha256: str = Field(description="of what is kept, in hexadecimal digits")
    added_by: str
    created_at: datetime
    deleted_at: datetime | None = Field(
        description="since when there is no content any more"
    )
    deleted_by: str | None
    deletion_reason: DeletionReason | None
    note: str | None = Field(
        default=None, description="why it was deleted, in words, if that was said"
    )


ATTACHMENTS = TypeAdapter(list[AttachmentRead])
