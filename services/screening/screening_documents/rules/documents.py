"""What stands on the page for parents. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.screening.instruments.rules.outcomes import Informant, Outcome


@dataclass(frozen=True)
class Area:
    """Something that was asked about, and what came out of it."""

    name: str
    outcome: Outcome


@dataclass(frozen=True)
class Contact:
    """Whom to call: an institution as the registry knows it."""

    name: str
    address: str
    phone: str


@dataclass(frozen=True)
class ResultDocument:
    """A confirmed result, in the titles of one language.

    No score is in it, nor who the child is: whoever hands the page over writes the name.
    """

    screening_id: UUID
    instrument: str
    form: str
    informant: Informant
    administered_on: date
    confirmed_on: date
    outcome: Outcome
    asked: tuple[str, ...] = ()
    """What the questions were about."""
    areas: tuple[Area, ...] = ()
    """What of it is judged."""
    age_months: int | None = None
    """None where age is counted from the day on which birth was due."""
    has_critical: bool = False
    has_consent: bool = False
    contact: Contact | None = None
