"""What a certificate needs and says, and how its number and its code are written. Pure."""

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel

from services.training.attendances.rules import Share
from services.training.validations.rules import OutcomeState, state_of

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of codes: without letters that are read as digits (Crockford's base 32)."""
CODE_LENGTH, CODE_PART = 20, 5
"""A hundred bits, which nobody guesses, in parts that can be typed."""
SELF_STUDY = "self_study"
EARNED_IN = ("attending", "completed")
"""States of an enrolment in which a certificate can be earned."""


class CertificateState(StrEnum):
    """Whether a certificate is valid."""

    ISSUED = "issued"
    REVOKED = "revoked"


class Module(NamedTuple):
    """A module of the version, with the minutes that somebody attended of it by signed lists."""

    id: UUID
    number: int
    form: str
    minutes: int
    attended: int

    @property
    def planned(self) -> int:
        """Minutes that are attended in sessions: what is studied alone has no list."""
        return 0 if self.form == SELF_STUDY else self.minutes


class Outcome(NamedTuple):
    """An outcome of the version, with what was found of it; None where nothing was."""

    id: UUID
    module_number: int
    code: str
    is_required: bool
    is_achieved: bool | None

    @property
    def state(self) -> OutcomeState:
        """What is known of it."""
        return state_of(self.is_achieved)


class Readiness(NamedTuple):
    """What somebody has, and what is missing for a certificate."""

    share: Share
    required_percent: int
    missing_minutes: int
    short_modules: Sequence[Module]
    missing_outcomes: Sequence[Outcome]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing_minutes and not self.missing_outcomes


def readiness(
    modules: Collection[Module], outcomes: Collection[Outcome], percent: int
) -> Readiness:
    """What is missing: minutes up to the share of the version's planned minutes, and required outcomes.

    A module counts with no more than its own minutes: what was attended of one makes up for no other.
    """
    attended = sum(min(module.attended, module.planned) for module in modules)
    planned = sum(module.planned for module in modules)
    needed = -(-planned * percent // 100)
    missing = max(0, needed - attended)
    short = [module for module in modules if module.attended < module.planned]
    lacking = [
        outcome
        for outcome in outcomes
        if outcome.is_required and not outcome.is_achieved
    ]
    share = Share(attended, planned)
    return Readiness(share, percent, missing, short if missing else [], lacking)


def certificate_number(programme_code: str, year: int, sequence: int) -> str:
    """What a certificate is called: `TMW/2026/000123`."""
    return f"{programme_code}/{year}/{sequence:06}"


def written_code(letters: str) -> str:
    """A code in parts that can be read out: `0A1B2-C3D4E-…`"""
    parts = range(0, len(letters), CODE_PART)
    return "-".join(letters[start : start + CODE_PART] for start in parts)


def read_code(typed: str) -> str | None:
    """The code that somebody typed, in whatever case and with or without hyphens; None where it is none."""
    letters = typed.upper().replace("-", "").replace(" ", "")
    letters = letters.translate({ord("O"): "0", ord("I"): "1", ord("L"): "1"})
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
