"""When it can be said who came, and what may be said of whom. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.training.conference_registrations.rules import RegistrationState


class CorrectingReason(StrEnum):
    """Why what was said of somebody was wrong: a code, since words name people."""

    ENTERED_WRONGLY = "entered_wrongly"
    OTHER_PERSON = "other_person"
    ON_PAPER_LIST = "on_paper_list"


class Said(NamedTuple):
    """Whether somebody came."""

    registration_id: UUID
    has_attended: bool


class Known(NamedTuple):
    """What is known of a registration; None where nobody has said yet who came."""

    state: str
    has_attended: bool | None


def has_begun(first_day: date, today: date) -> bool:
    """Whether the day of a conference has come: who is early is let in as well."""
    return first_day <= today


def list_errors(
    said: Sequence[Said], known: Mapping[UUID, Known]
) -> list[tuple[str, str]]:
    """What is wrong with a list of who came: field and code.

    Each person once, with a place; what was said before is corrected with a reason.
    """
    wrong, seen = [], set[UUID]()
    for place, each in enumerate(said):
        found = known[each.registration_id]
        if each.registration_id in seen:
            wrong.append((f"items/{place}/registration_id", "repeated"))
        elif found.state != RegistrationState.REGISTERED:
            wrong.append((f"items/{place}/registration_id", "without_place"))
        elif found.has_attended not in {None, each.has_attended}:
            wrong.append((f"items/{place}/has_attended", "contradicts_recorded"))
        seen.add(each.registration_id)
    return wrong
