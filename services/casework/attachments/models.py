"""Attachments of documents: files, kept sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Text,
    Uuid,
)
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Attachment(Table, Versioned, table=True):
    """One file of a document, or the remaining data of a deleted one."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint(
            "(deleted_at IS NULL) = (deleted_by IS NULL)", name="deleted_by"
        ),
        CheckConstraint("deleted_at IS NULL OR content = ''", name="content"),
        Index("ix_attachments_document_id", "document_id"),
    )

    county_terc: str = Field(sa_type=Text)
    document_id: UUID = Field(sa_type=Uuid, foreign_key="casework.documents.id")
    person_id: UUID = Field(sa_type=Uuid, foreign_key="casework.people.id")
    media_type: str = Field(sa_type=Text)
    size: int = Field(sa_type=Integer)
    """Bytes, before sealing."""
    added_by: str = Field(sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)
    """Title and SHA-256, and why it was deleted in words, sealed under the child's key."""
    content: bytes = Field(sa_type=LargeBinary)
    """Empty once it is deleted."""
    deleted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    deleted_by: str | None = Field(default=None, sa_type=Text)
    deletion_reason: str | None = Field(default=None, sa_type=Text)
