"""The content of a certificate, and the form of its number and its code. Pure."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters of codes: none that looks like a digit (Crockford's base 32)."""
CODE_LENGTH, CODE_PART = 20, 5
"""A hundred bits, too many to guess, in parts that can be typed."""


class CertificateState(StrEnum):
    """Whether a certificate is valid."""

    ISSUED = "issued"
    REVOKED = "revoked"


def certificate_number(programme_code: str, year: int, sequence: int) -> str:
    """The number of a certificate, such as `TMW/2026/000123`."""
    return f"{programme_code}/{year}/{sequence:06}"


def written_code(letters: str) -> str:
    """A code in parts that can be read out: `0A1B2-C3D4E-…`"""
    parts = range(0, len(letters), CODE_PART)
    return "-".join(letters[start : start + CODE_PART] for start in parts)


def read_code(text: str) -> str | None:
    """The code in a typed text, in either case and with or without hyphens.

    None where the text is no code.
    """
    letters = text.upper().replace("-", "").replace(" ", "")
    letters = letters.translate({ord("O"): "0", ord("I"): "1", ord("L"): "1"})
    # After upper(), which makes two letters of one such as ß.
    is_code = len(letters) == CODE_LENGTH and set(letters) <= set(ALPHABET)
    return written_code(letters) if is_code else None


class ContentModule(BaseModel):
    """A module as it was on the day of issue."""

    number: int
    title_pl: str
    title_en: str
    form: str
    minutes: int
    attended_minutes: int


class ContentOutcome(BaseModel):
    """An outcome that was achieved by the day of issue."""

    id: UUID
    module_number: int
    code: str
    text_pl: str
    text_en: str
    criterion_pl: str
    criterion_en: str
    method: str
    validated_on: date


class CertificateContent(BaseModel):
    """The content of a certificate, which later changes do not touch."""

    programme_code: str
    title_pl: str
    title_en: str
    client: str
    contractor: str
    version_number: int
    group_code: str
    starts_on: date
    ends_on: date
    required_percent: int
    attended_minutes: int
    planned_minutes: int
    minutes: int
    """Of the whole version, with self-study."""
    modules: list[ContentModule]
    outcomes: list[ContentOutcome]
