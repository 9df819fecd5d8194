"""When a session may be planned, moved, cancelled and held. Pure."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

LONGEST = timedelta(hours=24)


class SessionState(StrEnum):
    """Whether a session is still to come, has taken place, or does not take place."""

    PLANNED = "planned"
    # Hours and attendance count what took place, and never a plan.
    HELD = "held"
    CANCELLED = "cancelled"


class SessionMode(StrEnum):
    """Where people meet."""

    ONLINE = "online"
    ON_SITE = "on_site"


VERBS: dict[SessionState, list[str]] = {
    SessionState.PLANNED: ["move", "cancel", "hold"],
    SessionState.HELD: [],
    SessionState.CANCELLED: [],
}
"""What may be done to a session in each state."""

# A group that is completed or cancelled keeps the sessions it has, and gets no more.
OPEN_GROUPS = frozenset({"planned", "open", "running"})
"""States of a group that still has sessions to come."""


class Meeting(NamedTuple):
    """When people meet, where, and for how many minutes of training."""

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
    """What is known of a session that another one makes up for."""

    group_id: UUID | None
    module_id: UUID | None
    ends_at: datetime
    minutes: int
    is_make_up: bool
    is_signed: bool


def missing_to_make_up(
    meeting: Meeting, group_id: UUID, module_id: UUID | None, original: Original
) -> list[MakeUpNeed]:
    """All that keeps a meeting of a group from making up for a session."""
    needs = {
        MakeUpNeed.SAME_GROUP: original.group_id != group_id,
        # Of a meeting beside the modules nothing counts that could be made up.
        MakeUpNeed.SAME_MODULE: module_id is None or original.module_id != module_id,
        # Of a chain nobody could say for which session its minutes count.
        MakeUpNeed.ORIGINAL_SESSION: original.is_make_up,
        # Who missed it is said by its list, and by nothing before that.
        MakeUpNeed.SIGNED_ATTENDANCE: not original.is_signed,
        MakeUpNeed.LATER_BEGINNING: meeting.starts_at < original.ends_at,
        MakeUpNeed.NO_MORE_MINUTES: meeting.minutes > original.minutes,
    }
    return [need for need, is_lacking in needs.items() if is_lacking]


def meeting_errors(
    meeting: Meeting, days: tuple[date, date], frame: Frame | None
) -> list[tuple[str, str]]:
    """What is wrong with a meeting by itself: field and code.

    `days`: the civil days of its beginning and its end. Breaks are no training, so that
    the minutes may be fewer than lie between both, and never more.
    """
    lasts = meeting.ends_at - meeting.starts_at
    # Alone: of a span that runs backwards nothing else can be said.
    if lasts <= timedelta(0):
        return [("ends_at", "wrong_order")]
    # A course of several days is several sessions: each has a list of its own.
    wrong = [("ends_at", "too_large")] if lasts > LONGEST else []
    if timedelta(minutes=meeting.minutes) > lasts:
        wrong.append(("minutes", "too_large"))
    # A room that nobody needs would be taken from others.
    if meeting.room_id is not None and meeting.mode is not SessionMode.ON_SITE:
        wrong.append(("room_id", "not_allowed"))
    if frame is not None:
        names = ("starts_at", "ends_at")
        wrong += [
            (name, "outside_dates")
            for name, day in zip(names, days, strict=True)
            if not frame.starts_on <= day <= frame.ends_on
        ]
    return wrong


def audience_errors(
    given: Collection[str], *, is_of_group: bool
) -> list[tuple[str, str]]:
    """Which fields are missing of a session, or do not go with it.

    A group brings its programme and its county; a meeting of coordinators says both.
    """
    # Said twice, programme or county could contradict those of the group.
    of_meeting = ("programme_id", "county_terc", "audience_role")
    if not is_of_group:
        lacking = [(name, "missing") for name in of_meeting if name not in given]
        of_groups = ("module_id", "makes_up_for_id")
        return lacking + [(name, "not_allowed") for name in of_groups if name in given]
    wrong = [(name, "not_allowed") for name in of_meeting[:2] if name in given]
    needed = ("module_id", "trainer_ids")
    return wrong + [(name, "missing") for name in needed if name not in given]
