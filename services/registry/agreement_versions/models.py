"""The texts of agreements."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Text, Uuid, func
from sqlmodel import Field

from services.registry.tables import Table


class AgreementVersion(Table, table=True):
    """A text of an agreement as it was recorded; it never changes."""

    # Not `Versioned`: a text has a number in place of a version, and no other key.
    __tablename__ = "agreement_versions"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("document_sha256 ~ '^[0-9a-f]{64}$'", name="document_sha256"),
        CheckConstraint(
            "(valid_to IS NULL) = (valid_to_before IS NULL) AND valid_to_before < valid_to",
            name="valid_to",
        ),
    )

    agreement_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="registry.agreements.id"
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    document_reference: str = Field(sa_type=Text)
    # The document itself is kept elsewhere: the checksum shows that it
    # is the one signed.
    document_sha256: str = Field(sa_type=Text)
    valid_from: date
    valid_to: date | None = None
    valid_to_before: date | None = None
    note: str | None = Field(default=None, sa_type=Text)
    recorded_by: str = Field(sa_type=Text)
    recorded_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
