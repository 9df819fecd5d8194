"""Counts of name checks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Uuid, func
from sqlmodel import Field

from services.training.tables import Table


class NameCheck(Table, table=True):
    """One check of a name on a certificate, without the name."""

    __tablename__ = "name_checks"
    __table_args__ = (
        Index("ix_name_checks_checked_at", "certificate_id", "checked_at"),
    )

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    # No IP address of the visitor: the limit is per certificate.
    certificate_id: UUID = Field(sa_type=Uuid, foreign_key="training.certificates.id")
    checked_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
