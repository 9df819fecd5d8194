"""Certificates.

Later changes of programmes, groups or people do not change a certificate's row.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table

_NO = {"server_default": text("false")}


class Certificate(Table, Versioned, table=True):
    """What a person has attended and achieved, as it was on the day of issue."""

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("state IN ('issued', 'revoked')", name="state"),
        CheckConstraint(
            "(state = 'revoked') = (revoked_at IS NOT NULL)"
            " AND (state = 'revoked') = (revocation_reason IS NOT NULL)",
            name="revoked_at",
        ),
        # Unguessable and unique: a code finds one certificate, or none.
        Index("uq_certificates_code", "code", unique=True),
        Index("uq_certificates_sequence", "sequence", unique=True),
        # Partial: revoked certificates stay, since their codes must be found for ever.
        Index(
            "uq_certificates_enrolment",
            "enrolment_id",
            unique=True,
            postgresql_where=text("state = 'issued'"),
        ),
        Index("ix_certificates_group_id", "group_id", "created_at", "id"),
        Index("ix_certificates_trainee_id", "trainee_id"),
        Index("ix_certificates_county_terc", "county_terc", "created_at", "id"),
        Index("ix_certificates_created_at", "created_at", "id"),
    )

    county_terc: str = Field(sa_type=Text)
    """The group's county, whose organisers issue the certificate."""
    group_id: UUID = Field(sa_type=Uuid, foreign_key="training.groups.id")
    enrolment_id: UUID = Field(sa_type=Uuid, foreign_key="training.enrolments.id")
    trainee_id: UUID = Field(sa_type=Uuid, foreign_key="training.trainees.id")
    # The version by which it was earned; the group may be changed later.
    programme_version_id: UUID = Field(
        sa_type=Uuid, foreign_key="training.programme_versions.id"
    )
    sequence: int = Field(
        default=None, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    """The order of issue.

    Part of the certificate's number, and its place in the list of revocations.
    """
    code: str = Field(sa_type=Text)
    """Anybody who has the code may verify the certificate."""
    state: str = Field(
        default="issued", sa_type=Text, sa_column_kwargs={"server_default": "issued"}
    )
    issued_on: date
    issued_by: str = Field(sa_type=Text)
    # Copies, as on paper: a changed name needs a new certificate.
    given_name: str = Field(sa_type=Text)
    family_name: str = Field(sa_type=Text)
    content: dict[str, Any] = Field(sa_type=JSONB)
    """Programme, modules with minutes, and outcomes of that day.

    `rules.CertificateContent`.
    """
    shows_name: bool = Field(default=False, sa_column_kwargs=_NO)
    shows_content: bool = Field(default=False, sa_column_kwargs=_NO)
    link_digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The digest of the secret in the holder's link."""
    revoked_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    revoked_by: str | None = Field(default=None, sa_type=Text)
    revocation_reason: str | None = Field(default=None, sa_type=Text)


# A separate table: row-level security hides certificates from the public.
class RevokedSequence(Table, table=True):
    """The sequence of a revoked certificate.

    The row holds nothing about a person, so that anybody may read it.
    """

    __tablename__ = "revoked_sequences"

    sequence: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    revoked_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
