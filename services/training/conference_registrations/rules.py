"""Who may register for a conference, and who gets a place. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.training.conferences.rules import Audience


class RegistrationState(StrEnum):
    """Whether a registration has a place, waits for one, or was withdrawn."""

    REGISTERED = "registered"
    WAITLISTED = "waitlisted"
    WITHDRAWN = "withdrawn"


class Registrant(NamedTuple):
    """The facts of a person that decide whether they may register."""

    audience: Audience
    authority_id: UUID | None
    is_recruited: bool
    """Whether that authority takes part in the conference's programme."""


def unfit(
    registrant: Registrant, audience: Sequence[str], *, is_open_to_outsiders: bool
) -> list[tuple[str, str]]:
    """Why a person cannot register: fields with their codes; empty when they can."""
    errors = [] if registrant.audience in audience else [("audience", "not_listed")]
    is_authority = registrant.audience == Audience.LOCAL_AUTHORITIES
    if registrant.authority_id is None:
        # Without an id, it is unknown whether the authority is in the programme.
        if is_authority and not is_open_to_outsiders:
            errors.append(("authority_id", "missing"))
        return errors
    if not is_authority:
        return [*errors, ("authority_id", "not_allowed")]
    if not registrant.is_recruited and not is_open_to_outsiders:
        errors.append(("authority_id", "other_programme"))
    return errors


def is_within(opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Whether people can register now; at `closes_at` they no longer can."""
    return opens_at <= now < closes_at


def place(capacity: int, registered: int) -> RegistrationState:
    """The state of a new registration: with a place if one is free.

    >>> place(2, 1).value, place(2, 2).value
    ('registered', 'waitlisted')
    """
    is_free = registered < capacity
    return RegistrationState.REGISTERED if is_free else RegistrationState.WAITLISTED
