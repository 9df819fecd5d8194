"""Who may enter a group, by the sources."""

import uuid

import pytest

from services.training.enrolments.rules import (
    Applicant,
    EnrolmentState,
    Limits,
    Need,
    Peer,
    missing,
    needs_reason,
    place,
)
from services.training.programmes.rules import EnrolmentRule

ME, GROUP, OTHER_GROUP, SITE, AUTHORITY = (uuid.UUID(int=number) for number in range(1, 6))
TMW = Limits(EnrolmentRule.SOCIAL_EMPLOYMENT, trainees_per_location=2)
FERS = Limits(EnrolmentRule.AUTHORITY_TEAM, largest_team=4)
MWM = Limits(EnrolmentRule.COORDINATORS)
ANIMATOR = Applicant(ME, "cis", SITE, site_is_of_programme=True)
OFFICIAL = Applicant(
    ME,
    "local_authority",
    authority_id=AUTHORITY,
    authority_is_recruited=True,
    target_group="operational_staff",
)


def peers(number: int, group: uuid.UUID = GROUP) -> list[Peer]:
    """So many others of the same location and authority."""
    return [Peer(uuid.UUID(int=100 + n), group, SITE, AUTHORITY) for n in range(number)]


@pytest.mark.parametrize("kind", ["ngo", "local_authority", "local_authority_unit", "cis", "kis", "owes"])
def test_staff_of_social_employment_enters_the_test_of_cooperation(kind: str) -> None:
    assert missing(TMW, ANIMATOR._replace(organisation_type=kind), [], GROUP) == []


def test_others_do_not_and_are_told_all_that_is_missing() -> None:
    stranger = Applicant(ME, "other")
    assert missing(TMW, stranger, [], GROUP) == [Need.ORGANISATION_TYPE, Need.LOCATION]
    elsewhere = ANIMATOR._replace(site_is_of_programme=False)
    assert missing(TMW, elsewhere, [], GROUP) == [Need.LOCATION_OF_PROGRAMME]


def test_two_of_a_location_are_enough_in_whatever_groups() -> None:
    assert missing(TMW, ANIMATOR, peers(1), GROUP) == []
    both = [*peers(1), *peers(2, OTHER_GROUP)[1:]]
    assert missing(TMW, ANIMATOR, both, GROUP) == [Need.PLACE_FOR_LOCATION]
    assert missing(TMW, ANIMATOR, [Peer(ME, OTHER_GROUP, SITE)], GROUP) == [Need.NO_OTHER_GROUP]


def test_a_team_is_of_four_at_most_and_attends_one_group() -> None:
    assert missing(FERS, OFFICIAL, peers(3), GROUP) == []
    assert missing(FERS, OFFICIAL, peers(4), GROUP) == [Need.PLACE_IN_TEAM]
    assert missing(FERS, OFFICIAL, peers(1, OTHER_GROUP), GROUP) == [Need.GROUP_OF_TEAM]


def test_only_staff_of_a_recruited_authority_is_of_a_team() -> None:
    unit = OFFICIAL._replace(organisation_type="local_authority_unit")
    assert missing(FERS, unit, [], GROUP) == []
    head = OFFICIAL._replace(organisation_type="other", target_group="school_heads_and_stakeholders")
    assert missing(FERS, head, [], GROUP) == [Need.ORGANISATION_TYPE, Need.TARGET_GROUP]
    for without in (OFFICIAL._replace(authority_id=None), OFFICIAL._replace(authority_is_recruited=False)):
        assert missing(FERS, without, [], GROUP) == [Need.RECRUITED_AUTHORITY]


def test_meetings_are_for_coordinators_and_other_programmes_for_everybody() -> None:
    assert missing(MWM, Applicant(ME, "other"), [], GROUP) == [Need.AUDIENCE_ROLE]
    coordinator = Applicant(ME, "other", audience_role="early_screening_coordinator")
    assert missing(MWM, coordinator, [], GROUP) == []
    assert missing(Limits(EnrolmentRule.OPEN), Applicant(ME, "other"), peers(9), GROUP) == []


def test_a_seat_is_given_while_one_is_free() -> None:
    assert [place(free) for free in (1, 0)] == [EnrolmentState.ACCEPTED, EnrolmentState.WAITLISTED]


def test_who_leaves_a_team_of_three_says_why_and_of_four_need_not() -> None:
    assert [needs_reason(3, others) for others in (3, 2, 0)] == [False, True, True]
    assert not needs_reason(None, 0)
