"""When attendance of a conference may be recorded, and for whom. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.training.conference_registrations.rules import RegistrationState


class CorrectingReason(StrEnum):
    """Why a recorded attendance was wrong: a code, since a text could name people."""

    ENTERED_WRONGLY = "entered_wrongly"
    OTHER_PERSON = "other_person"
    ON_PAPER_LIST = "on_paper_list"


class AttendanceEntry(NamedTuple):
    """Whether one person came."""

    registration_id: UUID
    has_attended: bool


class RecordedAttendance(NamedTuple):
    """The stored state of a registration; `has_attended` is None until recorded."""

    state: str
    has_attended: bool | None


def has_begun(first_day: date, today: date) -> bool:
    """Whether the first day of a conference has come; the hour does not matter."""
    return first_day <= today


def list_errors(
    entries: Sequence[AttendanceEntry],
    recorded_by_id: Mapping[UUID, RecordedAttendance],
) -> list[tuple[str, str]]:
    """The errors of an attendance list: field and code.

    Each person stands on it once and has a place, and a recorded value may not change.
    """
    errors, listed_ids = [], set[UUID]()
    for place, each in enumerate(entries):
        recorded = recorded_by_id[each.registration_id]
        if each.registration_id in listed_ids:
            errors.append((f"items/{place}/registration_id", "repeated"))
        elif recorded.state != RegistrationState.REGISTERED:
            errors.append((f"items/{place}/registration_id", "without_place"))
        elif recorded.has_attended not in {None, each.has_attended}:
            errors.append((f"items/{place}/has_attended", "contradicts_recorded"))
        listed_ids.add(each.registration_id)
    return errors
