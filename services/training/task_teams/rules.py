"""The requirements of a trained task team. Pure."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

SMALLEST_TEAM, LARGEST_TEAM = 3, 4
"""Defaults from source 003, where a programme sets no numbers."""


# No code for illness or conflicts, which are private.
class LeavingReason(StrEnum):
    """Why a member left a team: a code, since a text could describe the person."""

    CHANGED_EMPLOYMENT = "changed_employment"
    REPLACED = "replaced"
    OWN_REQUEST = "own_request"
    ENTERED_WRONGLY = "entered_wrongly"


class TeamNeed(StrEnum):
    """What a team lacks."""

    COMPLETE_TEAM = "complete_team"
    ACCOUNTS = "accounts"
    COMPLETED_TRAINING = "completed_training"
    ATTENDED_SESSIONS = "attended_sessions"
    SIGNED_ATTENDANCE = "signed_attendance"


class TeamSize(NamedTuple):
    """The minimum and maximum of people in a team."""

    smallest: int
    largest: int


class MemberTraining(NamedTuple):
    """The training of a team's member."""

    trainee_id: UUID
    has_account: bool
    completed_on: date | None
    missed_sessions: Sequence[UUID] = ()
    """Held sessions with a signed list on which the person is absent."""
    unsigned_sessions: Sequence[UUID] = ()
    """Held sessions without a signed list."""


def team_size(smallest: int | None, largest: int | None) -> TeamSize:
    """The size of a programme's teams, with defaults."""
    return TeamSize(smallest or SMALLEST_TEAM, largest or LARGEST_TEAM)


def missing_to_be_trained(
    team: Sequence[MemberTraining], size: TeamSize
) -> list[TeamNeed]:
    """Everything that a team lacks to count as trained; empty when trained.

    Source 003: three to four people, who take part in everything.
    """
    # `all` and `any` over an empty team: it lacks only its size.
    needs = {
        TeamNeed.COMPLETE_TEAM: not size.smallest <= len(team) <= size.largest,
        TeamNeed.ACCOUNTS: not all(each.has_account for each in team),
        TeamNeed.COMPLETED_TRAINING: not all(each.completed_on for each in team),
        TeamNeed.ATTENDED_SESSIONS: any(each.missed_sessions for each in team),
        TeamNeed.SIGNED_ATTENDANCE: any(each.unsigned_sessions for each in team),
    }
    return [need for need, is_lacking in needs.items() if is_lacking]


def trained_on(team: Sequence[MemberTraining]) -> date:
    """The day on which the last of a trained team completed the training.

    The twelve months of advice begin with it (source 003).
    """
    # The last member completes the training of the team.
    return max(each.completed_on for each in team if each.completed_on)
