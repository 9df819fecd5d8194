"""Who may enter a group, and the states of enrolments. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.training.programmes.rules import EnrolmentRule
from services.training.trainees.rules import (
    OF_AUTHORITY,
    OrganisationType,
    TargetGroup,
)


class EnrolmentState(StrEnum):
    """How far an enrolment has come."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    REJECTED = "rejected"
    ATTENDING = "attending"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class EnrolmentVerb(StrEnum):
    """The changes of an enrolment."""

    REJECT = "reject"
    WITHDRAW = "withdraw"


class EndReason(StrEnum):
    """Why an enrolment ended: a code, since a text could describe the person."""

    NOT_ELIGIBLE = "not_eligible"
    INCOMPLETE_APPLICATION = "incomplete_application"
    ENTERED_TWICE = "entered_twice"
    ILLNESS = "illness"
    WORKLOAD = "workload"
    DATES_DO_NOT_SUIT = "dates_do_not_suit"
    LEFT_ORGANISATION = "left_organisation"
    OTHER = "other"
    # The reasons below are set by the system, not by a caller.
    NO_SEAT_LEFT = "no_seat_left"
    GROUP_CANCELLED = "group_cancelled"
    ERASED = "erased"


class EnrolmentPreference(StrEnum):
    """Why a person goes before others on the waiting list."""

    MARGINALISATION_RISK = "marginalisation_risk"
    """Of the authority (source 003: such authorities are recruited first)."""


class Need(StrEnum):
    """What a person lacks to enter a group."""

    ORGANISATION_TYPE = "organisation_type"
    LOCATION = "location"
    LOCATION_OF_PROGRAMME = "location_of_programme"
    PLACE_FOR_LOCATION = "place_for_location"
    RECRUITED_AUTHORITY = "recruited_authority"
    TARGET_GROUP = "target_group"
    PLACE_IN_TEAM = "place_in_team"
    GROUP_OF_TEAM = "group_of_team"
    AUDIENCE_ROLE = "audience_role"
    NO_OTHER_GROUP = "no_other_group"


BY_SYSTEM = (EndReason.NO_SEAT_LEFT, EndReason.GROUP_CANCELLED, EndReason.ERASED)
"""Reasons that the system sets, and that no caller may send."""
SEATED = (
    EnrolmentState.ACCEPTED,
    EnrolmentState.ATTENDING,
    EnrolmentState.COMPLETED,
)
"""States with a seat, or with a seat held to the end."""
ENDED = (EnrolmentState.REJECTED, EnrolmentState.WITHDRAWN)
LIVE = (
    EnrolmentState.APPLIED,
    EnrolmentState.WAITLISTED,
    EnrolmentState.ACCEPTED,
    EnrolmentState.ATTENDING,
)
"""States of people who are in a group, or waiting for it."""
COUNTED = (*LIVE, EnrolmentState.COMPLETED)
"""States that count for a location or a team: all except rejected and withdrawn."""
_REJECT, _WITHDRAW = EnrolmentVerb.REJECT, EnrolmentVerb.WITHDRAW
ALLOWED: Mapping[EnrolmentState, tuple[EnrolmentVerb, ...]] = {
    EnrolmentState.APPLIED: (_REJECT, _WITHDRAW),
    EnrolmentState.ACCEPTED: (_REJECT, _WITHDRAW),
    EnrolmentState.WAITLISTED: (_REJECT, _WITHDRAW),
    # Attending people may leave, but can no longer be rejected.
    EnrolmentState.ATTENDING: (_WITHDRAW,),
    EnrolmentState.COMPLETED: (),
    EnrolmentState.REJECTED: (),
    EnrolmentState.WITHDRAWN: (),
}
STATE_AFTER = {
    _REJECT: EnrolmentState.REJECTED,
    _WITHDRAW: EnrolmentState.WITHDRAWN,
}


COUNTING = (EnrolmentRule.SOCIAL_EMPLOYMENT, EnrolmentRule.AUTHORITY_TEAM)
"""Rules that count people: of a location, of a team, and each once in a programme."""


class Limits(NamedTuple):
    """A programme's enrolment rule, and its limits."""

    rule: EnrolmentRule
    trainees_per_location: int | None = None
    largest_team: int | None = None


class Applicant(NamedTuple):
    """The facts of a person who is to enter a group."""

    id: UUID
    organisation_type: str
    site_id: UUID | None = None
    site_is_of_programme: bool = False
    authority_id: UUID | None = None
    authority_is_recruited: bool = False
    target_group: str | None = None
    audience_role: str | None = None


class Peer(NamedTuple):
    """A person who is counted in a group of the same programme.

    A colleague, or the applicant.
    """

    trainee_id: UUID
    group_id: UUID
    site_id: UUID | None = None
    authority_id: UUID | None = None


def missing(
    limits: Limits, applicant: Applicant, peers: Iterable[Peer], group_id: UUID
) -> list[Need]:
    """Everything that a person lacks to enter a group; empty when they may."""
    # A list, since the rules below iterate over it more than once.
    peer_list = [*peers]
    match limits.rule:
        case EnrolmentRule.SOCIAL_EMPLOYMENT:
            return _of_location(limits, applicant, peer_list)
        case EnrolmentRule.AUTHORITY_TEAM:
            return _of_team(limits, applicant, peer_list, group_id)
        case EnrolmentRule.COORDINATORS:
            return [] if applicant.audience_role else [Need.AUDIENCE_ROLE]
    return []


def _of_location(limits: Limits, applicant: Applicant, peers: list[Peer]) -> list[Need]:
    """Source 002: staff of social employment, two from each of the test's locations."""
    needs = []
    if applicant.organisation_type == OrganisationType.OTHER:
        needs.append(Need.ORGANISATION_TYPE)
    if applicant.site_id is None:
        needs.append(Need.LOCATION)
    elif not applicant.site_is_of_programme:
        needs.append(Need.LOCATION_OF_PROGRAMME)
    most = limits.trainees_per_location
    # Distinct people: a person may have enrolments in two groups.
    people = {
        peer.trainee_id
        for peer in peers
        if peer.site_id == applicant.site_id and peer.trainee_id != applicant.id
    }
    if applicant.site_id and most is not None and len(people) >= most:
        needs.append(Need.PLACE_FOR_LOCATION)
    # Added last: all needs are listed, also for a person in another group.
    return needs + _elsewhere(applicant, peers)


def _of_team(
    limits: Limits, applicant: Applicant, peers: list[Peer], group_id: UUID
) -> list[Need]:
    """Source 003: staff of a recruited authority, in a team that attends together."""
    needs = []
    if applicant.organisation_type not in OF_AUTHORITY:
        needs.append(Need.ORGANISATION_TYPE)
    if applicant.authority_id is None or not applicant.authority_is_recruited:
        needs.append(Need.RECRUITED_AUTHORITY)
    # Heads of schools and stakeholders are reached through the team, not part of it.
    if applicant.target_group == TargetGroup.SCHOOL_HEADS_AND_STAKEHOLDERS:
        needs.append(Need.TARGET_GROUP)
    team = [
        peer
        for peer in peers
        if peer.authority_id == applicant.authority_id
        and peer.trainee_id != applicant.id
    ]
    if limits.largest_team is not None and len(team) >= limits.largest_team:
        needs.append(Need.PLACE_IN_TEAM)
    # The first of a team decides the group of all.
    if any(peer.group_id != group_id for peer in team):
        needs.append(Need.GROUP_OF_TEAM)
    return needs + _elsewhere(applicant, peers)


def _elsewhere(applicant: Applicant, peers: list[Peer]) -> list[Need]:
    """A person who is in a group of the programme may not enter a second one."""
    is_in = any(peer.trainee_id == applicant.id for peer in peers)
    return [Need.NO_OTHER_GROUP] if is_in else []


def place(free: int) -> EnrolmentState:
    """The state of a new enrolment: with a seat if one is free."""
    return EnrolmentState.ACCEPTED if free > 0 else EnrolmentState.WAITLISTED


def needs_reason(smallest_team: int | None, others: int) -> bool:
    """Whether leaving a team needs a reason, as `others` are too few (source 003)."""
    return smallest_team is not None and others < smallest_team
