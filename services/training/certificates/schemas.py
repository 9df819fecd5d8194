"""Certificates on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ground.scalars import Id, Name, Wire
from services.chassis.web.listing import ByIds
from services.training.certificates.rules import CertificateContent, CertificateState


class CertificateIssue(Wire):
    """The enrolment that is to get a certificate."""

    enrolment_id: Id

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"enrolment_id": "01990000-0000-7000-8000-0000000000e1"}]
        }
    )


class CertificateRevoke(Wire):
    """Why a certificate is no longer valid."""

    # May describe a person, and so is shown to issuer and holder alone.
    reason: Name = Field(description="for the issuer's own records; never published")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "pomyłka w obecności"}]}
    )


class CertificateRead(BaseModel):
    """A certificate."""

    id: UUID
    version: int
    number: str
    # Shown to holder and issuer alone: others read it on the paper.
    code: str = Field(description="with it anybody may ask whether it is genuine")
    group_id: UUID
    enrolment_id: UUID
    trainee_id: UUID
    programme_version_id: UUID
    given_name: str
    family_name: str
    state: CertificateState
    issued_on: date
    issued_by: str
    content: CertificateContent
    shows_name: bool = Field(description="to whoever has the code")
    shows_content: bool = Field(description="modules, hours and outcomes")
    has_link: bool = Field(description="whether a secret link of the holder works")
    revoked_at: datetime | None
    revocation_reason: str | None
    created_at: datetime
    changed_at: datetime


class CertificateList(ByIds):
    """Filters of the certificates."""

    group_id: Id | None = None
    trainee_id: Id | None = None
    programme_version_id: Id | None = None
    state: CertificateState | None = None


class IssuingResult(BaseModel):
    """How many certificates are new, how many existed, and who has not earned one."""

    issued: int = Field(description="certificates that are new")
    existing: int = Field(description="certificates that were there already")
    lacking: list[UUID] = Field(description="enrolments that have not earned one")
