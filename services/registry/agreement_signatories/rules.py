"""Who may be a party of an agreement, and from which day. Pure."""

from datetime import date
from enum import StrEnum
from typing import Protocol

from services.registry.agreements.rules import (
    LETTER_ROLES,
    AgreementKind,
    PartyRole,
    date_code,
)


class PartyKind(StrEnum):
    """The kinds of parties; a party is never a person."""

    AUTHORITY = "authority"
    INSTITUTION = "institution"
    ORGANISATION = "organisation"
    PROJECT_OPERATOR = "project_operator"


class SignedAgreement(Protocol):
    """The days that bound when a party may join."""

    signed_on: date | None
    valid_from: date | None
    valid_to: date | None


def fits_role(kind: AgreementKind, role: PartyRole) -> bool:
    """Letters have authors and addressees, the other kinds have parties."""
    return (role in LETTER_ROLES) == (kind is AgreementKind.LETTER_OF_INTENT)


def is_open_document(kind: AgreementKind) -> bool:
    """Whether parties may join after signing: a pact is an open document, the others are closed."""
    return kind is AgreementKind.LOCAL_COOPERATION_PACT


def joining_code(
    agreement: SignedAgreement, day: date | None, today: date
) -> str | None:
    """Why a party cannot join a signed pact on `day`; None when it can."""
    if day is None:
        return "missing"
    since, until = agreement.signed_on, agreement.valid_to
    code = date_code(day, since=since, until=until, today=today)
    begins = agreement.valid_from
    # A pact may be signed before its first day, but nobody joins it before that day.
    is_early = begins is not None and day < begins
    return code or ("outside_validity" if is_early else None)
