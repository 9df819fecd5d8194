"""Who may register for a conference, and who gets a place. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.training.conferences.rules import Audience


class RegistrationState(StrEnum):
    """Where a registration is."""

    REGISTERED = "registered"
    WAITLISTED = "waitlisted"
    WITHDRAWN = "withdrawn"


class Registrant(NamedTuple):
    """What counts of whoever wants to come."""

    audience: Audience
    authority_id: UUID | None
    is_recruited: bool
    """Whether that authority takes part in the conference's programme."""


def unfit(
    registrant: Registrant, audience: Sequence[str], *, is_open_to_outsiders: bool
) -> list[tuple[str, str]]:
    """Why somebody cannot register: a field and a code each; nothing when they can."""
    wrong = [] if registrant.audience in audience else [("audience", "not_listed")]
    is_authority = registrant.audience == Audience.LOCAL_AUTHORITIES
    if registrant.authority_id is None:
        # Only the authorities of the test can be told from others, by their id.
        if is_authority and not is_open_to_outsiders:
            wrong.append(("authority_id", "missing"))
        return wrong
    if not is_authority:
        return [*wrong, ("authority_id", "not_allowed")]
    if not registrant.is_recruited and not is_open_to_outsiders:
        wrong.append(("authority_id", "other_programme"))
    return wrong


def is_within(opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Whether people can register now; at the last moment they no longer can."""
    return opens_at <= now < closes_at


def place(capacity: int, registered: int) -> RegistrationState:
    """A place while there is one, else the waiting list.

    >>> place(2, 1).value, place(2, 2).value
    ('registered', 'waitlisted')
    """
    is_free = registered < capacity
    return RegistrationState.REGISTERED if is_free else RegistrationState.WAITLISTED
