"""Agreements, who signed them, and their texts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, false, func, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.registry.tables import Table


class Agreement(Table, Versioned, table=True):
    """A county's agreement, an open pact or a letter of intent."""

    __tablename__ = "agreements"
    __table_args__ = (
        CheckConstraint(
            "commune_terc IS NULL OR left(commune_terc, 4) = county_terc",
            name="commune_terc",
        ),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name="valid_to",
        ),
        CheckConstraint(
            "state = 'draft' OR (signed_on IS NOT NULL AND valid_from IS NOT NULL)",
            name="signed_on",
        ),
        CheckConstraint(
            "(state = 'terminated') = (terminated_on IS NOT NULL)", name="terminated_on"
        ),
        CheckConstraint(
            "terminated_on IS NULL OR signed_on <= terminated_on",
            name="terminated_after_signed",
        ),
        Index("ix_agreements_title", "title", "id"),
        Index("ix_agreements_county_terc", "county_terc", "kind"),
        Index("ix_agreements_changed_at", "changed_at", "id"),
    )

    kind: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    county_terc: str = Field(sa_type=Text)
    commune_terc: str | None = Field(default=None, sa_type=Text)
    state: str = Field(
        default="draft", sa_type=Text, sa_column_kwargs={"server_default": "draft"}
    )
    signed_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    terminated_on: date | None = None
    reason: str | None = Field(default=None, sa_type=Text)


class AgreementSignatory(Table, Versioned, table=True):
    """An office or organisation that is, or was, a party."""

    __tablename__ = "agreement_signatories"
    __table_args__ = (
        CheckConstraint(
            "withdrawn_on IS NULL OR signed_on IS NULL OR signed_on <= withdrawn_on",
            name="withdrawn_on",
        ),
        Index(
            "ix_agreement_signatories_agreement_id", "agreement_id", "party_name", "id"
        ),
        Index("ix_agreement_signatories_institution_id", "institution_id"),
        Index(
            "uq_agreement_signatories_party",
            "agreement_id",
            "party_name",
            unique=True,
            postgresql_where=text("withdrawn_on IS NULL"),
        ),
        Index(
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


class AgreementVersion(Table, table=True):
    """A text of an agreement as it was recorded; it never changes."""

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
    document_sha256: str = Field(sa_type=Text)
    valid_from: date
    valid_to: date | None = None
    valid_to_before: date | None = None
    note: str | None = Field(default=None, sa_type=Text)
    recorded_by: str = Field(sa_type=Text)
    recorded_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
