"""Attachments of documents: files, kept sealed."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, Text, Uuid
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Attachment(Table, Versioned, table=True):
    """One file of a document."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
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
    """Title and SHA-256, sealed under the child's key."""
    # A column of its own, so that lists open titles without reading files.
    content: bytes = Field(sa_type=LargeBinary)
