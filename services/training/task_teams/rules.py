"""What a task team lacks before its authority is trained. Pure."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

SMALLEST_TEAM, LARGEST_TEAM = 3, 4
"""Source 003; a programme's own numbers go before them."""


# Illness or quarrels have no code: they are nobody's business.
class LeavingReason(StrEnum):
    """Why somebody left a team: a code, since words could tell of a person."""

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
    """How many people a team has at least and at most."""

    smallest: int
    largest: int


class MemberTraining(NamedTuple):
    """How far a member of a team has been trained."""

    trainee_id: UUID
    has_account: bool
    completed_on: date | None
    missed_sessions: Sequence[UUID] = ()
    """Held, and by the signed list this person was not there."""
    unsigned_sessions: Sequence[UUID] = ()
    """Held, and no list proves yet who was there."""


def team_size(smallest: int | None, largest: int | None) -> TeamSize:
    """The size that a programme gives its teams."""
    return TeamSize(smallest or SMALLEST_TEAM, largest or LARGEST_TEAM)


def missing_to_be_trained(
    team: Sequence[MemberTraining], size: TeamSize
) -> list[TeamNeed]:
    """All that keeps a team from counting as trained; empty when nothing does.

    Source 003: three to four people, who take part in everything.
    """
    # An empty team lacks its size alone: of nobody it cannot be said what they lack.
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
    # The last one counts: before that the team as a whole was not trained.
    return max(each.completed_on for each in team if each.completed_on)
