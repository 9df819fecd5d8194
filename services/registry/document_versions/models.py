"""Versions of documents, and their files in parts."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Table


class DocumentVersion(Table, Versioned, table=True):
    """One version of a document. Its file is stored once, with a checksum, and
    never replaced.
    """

    __tablename__ = "document_versions"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        # All of them or none: a checksum without its file would prove nothing.
        CheckConstraint(
            "(media_type IS NULL) = (sha256 IS NULL)"
            " AND (media_type IS NULL) = (size IS NULL)",
            name="file",
        ),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        # Only a version with a file can be adopted: nobody can agree to a missing text.
        CheckConstraint(
            "adopted_on IS NULL OR (sha256 IS NOT NULL AND adopted_by IS NOT NULL"
            " AND adopted_on <= valid_from)",
            name="adopted_on",
        ),
        Index("uq_document_versions_number", "document_id", "number", unique=True),
    )

    document_id: UUID = Field(sa_type=Uuid, foreign_key="registry.documents.id")
    # Numbered within the document, since people cite "version 2".
    number: int
    # Names of institutions and teams: no persons, so that nothing here is erased.
    authors: list[str] = Field(sa_type=ARRAY(Text))
    note: str | None = Field(default=None, sa_type=Text)
    media_type: str | None = Field(default=None, sa_type=Text)
    size: int | None = None
    sha256: str | None = Field(default=None, sa_type=Text)
    adopted_on: date | None = None
    adopted_by: str | None = Field(default=None, sa_type=Text)
    valid_from: date | None = None
    recorded_by: str = Field(sa_type=Text)


class DocumentPart(Table, table=True):
    """A part of a file: files are sent part by part, and never held in
    memory as a whole.
    """

    __tablename__ = "document_parts"

    document_version_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="registry.document_versions.id"
    )
    part: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content: bytes = Field(sa_type=LargeBinary)
