"""What a step of a group needs. Pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class Need(StrEnum):
    """What a group lacks for a step."""

    AGREED_VERSION = "agreed_version"
    FIRST_DAY = "first_day"
    TRAINERS = "trainers"
    ACCEPTED_TRAINEES = "accepted_trainees"
    COMPLETE_TEAMS = "complete_teams"
    SESSIONS_HELD = "sessions_held"


class Team(NamedTuple):
    """An authority's people in a group."""

    authority_id: UUID
    seated: int
    has_waiting: bool
    has_left_with_reason: bool


class Readiness(NamedTuple):
    """What is there of a group that is to start."""

    starts_on: date
    seats_taken: int
    has_trainers: bool
    teams: Collection[Team] = ()


def incomplete_teams(teams: Collection[Team], smallest: int | None) -> list[UUID]:
    """The authorities whose teams cannot attend together.

    One waits, or too few have a seat. Too few are enough where somebody left for a
    reason that was given (source 003: 3 to 4).
    """
    if smallest is None:
        return []
    return [
        team.authority_id
        for team in teams
        # A part with seats and a part without: they could not attend together.
        if team.has_waiting
        or (team.seated < smallest and not team.has_left_with_reason)
    ]


def missing_to_start(
    group: Readiness, smallest_team: int | None, today: date
) -> list[Need]:
    """All that keeps an open group from starting today; empty when nothing does."""
    # All at once: whoever prepares a group wants the whole list.
    needs = [Need.FIRST_DAY] if today < group.starts_on else []
    if not group.has_trainers:
        needs.append(Need.TRAINERS)
    if not group.seats_taken:
        needs.append(Need.ACCEPTED_TRAINEES)
    if incomplete_teams(group.teams, smallest_team):
        needs.append(Need.COMPLETE_TEAMS)
    return needs
