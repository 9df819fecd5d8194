"""The content of the page for parents. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.screening.instruments.rules.outcomes import Informant, Outcome


@dataclass(frozen=True)
class Area:
    """An area that the questions were about, with its outcome."""

    name: str
    outcome: Outcome


@dataclass(frozen=True)
class Contact:
    """Whom to call: an institution with its data in the registry."""

    name: str
    address: str
    phone: str


@dataclass(frozen=True)
class ResultDocument:
    """A confirmed result, with titles in one language.

    It has neither scores nor the child's name: the person who hands the page over
    writes the name.
    """

    screening_id: UUID
    instrument: str
    form: str
    informant: Informant
    administered_on: date
    confirmed_on: date
    outcome: Outcome
    topics: tuple[str, ...] = ()
    """The names of the areas that the questions were about."""
    areas: tuple[Area, ...] = ()
    """Those areas that have an outcome."""
    age_months: int | None = None
    """None if the instrument corrects ages for prematurity."""
    has_critical: bool = False
    has_consent: bool = False
    contact: Contact | None = None
