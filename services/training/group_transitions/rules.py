"""The conditions of a group's steps. Pure."""

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
    """The facts of a group that decide whether it may start."""

    starts_on: date
    seats_taken: int
    has_trainers: bool
    teams: Collection[Team] = ()


def incomplete_teams(teams: Collection[Team], smallest: int | None) -> list[UUID]:
    """The authorities whose teams cannot attend together.

    A member is waiting, or fewer than `smallest` have a seat. Fewer are enough if a
    member has left with a reason (source 003: 3 to 4).
    """
    if smallest is None:
        return []
    return [
        team.authority_id
        for team in teams
        # A waiting member could not attend with the team.
        if team.has_waiting
        or (team.seated < smallest and not team.has_left_with_reason)
    ]


def missing_to_start(
    group: Readiness, smallest_team: int | None, today: date
) -> list[Need]:
    """Everything that an open group lacks to start today; empty when ready."""
    # All needs at once, so that all can be met at once.
    needs = [Need.FIRST_DAY] if today < group.starts_on else []
    if not group.has_trainers:
        needs.append(Need.TRAINERS)
    if not group.seats_taken:
        needs.append(Need.ACCEPTED_TRAINEES)
    if incomplete_teams(group.teams, smallest_team):
        needs.append(Need.COMPLETE_TEAMS)
    return needs
