"""Who is, or was, a party of an agreement."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, false, func, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned, rows_of
from services.chassis.web.polish import polish_index
from services.registry.tables import Dated, Table


class AgreementSignatory(Table, Versioned, Dated, table=True):
    """An office or organisation that is, or was, a party."""

    __tablename__ = "agreement_signatories"
    __table_args__ = (
        CheckConstraint(
            "withdrawn_on IS NULL OR signed_on IS NULL OR signed_on <= withdrawn_on",
            name="withdrawn_on",
        ),
        Index(
            "ix_agreement_signatories_in_order",
            "agreement_id",
            text(polish_index("registry", "party_name")),
            "id",
        ),
        Index("ix_agreement_signatories_institution_id", "institution_id"),
        Index(
            # Unique among present parties only: one that has withdrawn may join again.
            "uq_agreement_signatories_party",
            "agreement_id",
            "party_name",
            unique=True,
            postgresql_where=text("withdrawn_on IS NULL"),
        ),
        Index(
            # One institution under two names is one party all the same.
            "uq_agreement_signatories_institution",
            "agreement_id",
            "institution_id",
            unique=True,
            postgresql_where=text(
                "withdrawn_on IS NULL AND institution_id IS NOT NULL"
            ),
        ),
    )

    agreement_id: UUID = Field(sa_type=Uuid, foreign_key="registry.agreements.id")
    party_name: str = Field(sa_type=Text)
    party_kind: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    institution_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="registry.institutions.id"
    )
    signed_on: date | None = None
    joined_later: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )
    withdrawn_on: date | None = None
    reason: str | None = Field(default=None, sa_type=Text)


CHANGED_NOW = {"version": AgreementSignatory.version + 1, "changed_at": func.now()}
"""What every change of a party sets beside its own values."""

IS_PARTY = rows_of(AgreementSignatory).c.withdrawn_on.is_(None)
"""Not withdrawn."""
