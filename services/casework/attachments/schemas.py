"""Attachments on the wire; their content is served as it is."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field, TypeAdapter

from services.chassis.file_kinds import MediaType
from services.chassis.ground.scalars import Name, Wire


class Titled(Wire):
    """What a file is called."""

    # It comes in a header, which the body's checks do not see.
    title: Name | None = None


class AttachmentRead(BaseModel):
    """A file of a document, without its content."""

    id: UUID
    version: int
    document_id: UUID
    media_type: MediaType
    size: int = Field(description="bytes of what is kept")
    title: str | None = Field(description="the name under which the file was sent")
    sha256: str = Field(description="of what is kept, in hexadecimal digits")
    added_by: str
    created_at: datetime


ATTACHMENTS = TypeAdapter(list[AttachmentRead])
