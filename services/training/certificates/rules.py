"""What a certificate needs and says, and how its number and its code are written.

Pure.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of codes: without letters that are read as digits (Crockford's base 32)."""
CODE_LENGTH, CODE_PART = 20, 5
"""A hundred bits, which nobody guesses, in parts that can be typed."""


class CertificateState(StrEnum):
    """Whether a certificate is valid."""

    ISSUED = "issued"
    REVOKED = "revoked"


def certificate_number(programme_code: str, year: int, sequence: int) -> str:
    """What a certificate is called: `TMW/2026/000123`."""
    return f"{programme_code}/{year}/{sequence:06}"


def written_code(letters: str) -> str:
    """A code in parts that can be read out: `0A1B2-C3D4E-…`"""
    parts = range(0, len(letters), CODE_PART)
    return "-".join(letters[start : start + CODE_PART] for start in parts)


def read_code(typed: str) -> str | None:
    """The code that somebody typed, in whatever case and with or without hyphens.

    None where it is none.
    """
    letters = typed.upper().replace("-", "").replace(" ", "")
    letters = letters.translate({ord("O"): "0", ord("I"): "1", ord("L"): "1"})
    # After upper(): of letters such as ß there are more than were typed.
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
    """What a certificate says: nothing of it follows later changes."""

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
    """Of the whole version, with what is studied alone."""
    modules: list[ContentModule]
    outcomes: list[ContentOutcome]
