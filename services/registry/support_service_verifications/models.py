"""The verifications of support services."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, Uuid, func
from sqlmodel import Field

from services.registry.tables import Table


class SupportServiceVerification(Table, table=True):
    """A day on which a description was correct; the application's database role can add
    such rows, but not change them.
    """

    __tablename__ = "support_service_verifications"
    __table_args__ = (
        Index(
            "ix_support_service_verifications_support_service_id",
            "support_service_id",
            "verified_on",
            "id",
        ),
    )

    id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": func.uuidv7()},
    )
    support_service_id: UUID = Field(
        sa_type=Uuid, foreign_key="registry.support_services.id", ondelete="CASCADE"
    )
    verified_on: date
    recorded_by: str = Field(sa_type=Text)
    recorded_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
