"""States of sessions, and the checks of planning one. Pure."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

LONGEST = timedelta(hours=24)


class SessionState(StrEnum):
    """Whether a session is planned, was held, or is cancelled."""

    PLANNED = "planned"
    # Only held sessions count for hours and attendance.
    HELD = "held"
    CANCELLED = "cancelled"


class SessionMode(StrEnum):
    """Whether people meet online or on site."""

    ONLINE = "online"
    ON_SITE = "on_site"


VERBS: dict[SessionState, list[str]] = {
    SessionState.PLANNED: ["move", "cancel", "hold"],
    SessionState.HELD: [],
    SessionState.CANCELLED: [],
}
"""The verbs of each state."""

# A completed or cancelled group keeps its sessions and gets no new ones.
OPEN_GROUPS = frozenset({"planned", "open", "running"})
"""States of a group in which sessions may be planned."""


class Meeting(NamedTuple):
    """Time, place and minutes of training of a session."""

    starts_at: datetime
    ends_at: datetime
    minutes: int
    mode: SessionMode
    room_id: UUID | None


class Frame(NamedTuple):
    """The days that a session has to lie within, both included."""

    starts_on: date
    ends_on: date


class MakeUpNeed(StrEnum):
    """What a session lacks to make up for another one."""

    SAME_GROUP = "same_group"
    SAME_MODULE = "same_module"
    ORIGINAL_SESSION = "original_session"
    SIGNED_ATTENDANCE = "signed_attendance"
    LATER_BEGINNING = "later_beginning"
    NO_MORE_MINUTES = "no_more_minutes"


class Original(NamedTuple):
    """The facts of a session that another one makes up for."""

    group_id: UUID | None
    module_id: UUID | None
    ends_at: datetime
    minutes: int
    is_make_up: bool
    is_signed: bool


def missing_to_make_up(
    meeting: Meeting, group_id: UUID, module_id: UUID | None, original: Original
) -> list[MakeUpNeed]:
    """Everything that a group's session lacks to make up for another one."""
    needs = {
        MakeUpNeed.SAME_GROUP: original.group_id != group_id,
        # Sessions without a module do not count, and so cannot be made up for.
        MakeUpNeed.SAME_MODULE: module_id is None or original.module_id != module_id,
        # No chains: the minutes have to count for one session.
        MakeUpNeed.ORIGINAL_SESSION: original.is_make_up,
        # Only a signed list says who missed the session.
        MakeUpNeed.SIGNED_ATTENDANCE: not original.is_signed,
        MakeUpNeed.LATER_BEGINNING: meeting.starts_at < original.ends_at,
        MakeUpNeed.NO_MORE_MINUTES: meeting.minutes > original.minutes,
    }
    return [need for need, is_lacking in needs.items() if is_lacking]


def meeting_errors(
    meeting: Meeting, days: tuple[date, date], frame: Frame | None
) -> list[tuple[str, str]]:
    """The errors of a meeting's fields: field and code.

    `days`: the civil days of its beginning and its end. The minutes of training are at
    most the time between both.
    """
    duration = meeting.ends_at - meeting.starts_at
    # Returned alone: with times in the wrong order, other checks mean nothing.
    if duration <= timedelta(0):
        return [("ends_at", "wrong_order")]
    # A course of several days has several sessions, each with its own list.
    errors = [("ends_at", "too_large")] if duration > LONGEST else []
    if timedelta(minutes=meeting.minutes) > duration:
        errors.append(("minutes", "too_large"))
    # An online session needs no room.
    if meeting.room_id is not None and meeting.mode is not SessionMode.ON_SITE:
        errors.append(("room_id", "not_allowed"))
    if frame is not None:
        names = ("starts_at", "ends_at")
        errors += [
            (name, "outside_dates")
            for name, day in zip(names, days, strict=True)
            if not frame.starts_on <= day <= frame.ends_on
        ]
    return errors


def audience_errors(
    field_names: Collection[str], *, is_of_group: bool
) -> list[tuple[str, str]]:
    """Fields of a session that are missing or not allowed, each with its code.

    Programme and county are those of the group; a meeting of coordinators needs both.
    """
    # Refused beside a group: programme or county could contradict the group's.
    of_meeting = ("programme_id", "county_terc", "audience_role")
    if not is_of_group:
        lacking = [(name, "missing") for name in of_meeting if name not in field_names]
        of_groups = ("module_id", "makes_up_for_id")
        return lacking + [
            (name, "not_allowed") for name in of_groups if name in field_names
        ]
    errors = [(name, "not_allowed") for name in of_meeting[:2] if name in field_names]
    needed = ("module_id", "trainer_ids")
    return errors + [(name, "missing") for name in needed if name not in field_names]
