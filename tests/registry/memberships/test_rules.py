"""What a network may decide, and which role suits whom."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.institutions.rules.kinds import (
    SECTOR_OF_TYPE,
    InstitutionType,
    Ownership,
    ReferenceLevel,
    Sector,
)
from services.registry.memberships.rules import (
    ALLOWED,
    LEADS_TO,
    Standing,
    Verb,
    not_met,
    suiting_roles,
    suits,
)
from services.registry.network_rules.models import NetworkRule
from services.registry.networks.rules import MembershipState, NetworkRole

DAY = date(2024, 3, 1)
COUNSELLING = Standing(InstitutionType.PSYCH_PED_COUNSELLING_CENTRE, Sector.EDUCATION)
RULE: dict[str, Any] = {
    "direction": "inclusion",
    "sectors": [],
    "institution_types": [],
    "needs_verified_service": False,
    "in_county": False,
    "valid_from": date(2024, 1, 1),
    "valid_to": None,
}


def test_whoever_was_included_can_only_be_excluded_and_the_others_only_included() -> None:
    assert {state: LEADS_TO[verbs[0]] for state, verbs in ALLOWED.items()} == {
        MembershipState.PROPOSED: MembershipState.INCLUDED,
        MembershipState.INCLUDED: MembershipState.EXCLUDED,
        MembershipState.EXCLUDED: MembershipState.INCLUDED,
    }


@pytest.mark.parametrize(
    ("facts", "standing", "missing"),
    [
        ({}, COUNSELLING, []),
        ({"sectors": ["education", "health"]}, COUNSELLING, []),
        ({"sectors": ["health"]}, COUNSELLING, ["sectors"]),
        ({"institution_types": ["hospital"]}, COUNSELLING, ["institution_types"]),
        ({"needs_verified_service": True}, COUNSELLING, ["needs_verified_service"]),
        ({"needs_verified_service": True}, COUNSELLING._replace(has_verified_service=True), []),
        ({"in_county": True}, COUNSELLING, []),
        ({"in_county": True, "sectors": ["civic"]}, COUNSELLING._replace(is_in_county=False), ["sectors", "in_county"]),
        ({"direction": "exclusion"}, COUNSELLING, ["direction"]),
        ({"valid_to": DAY}, COUNSELLING, ["in_force"]),
        ({"valid_to": DAY + timedelta(days=1)}, COUNSELLING, []),
        ({"valid_from": DAY + timedelta(days=1)}, COUNSELLING, ["in_force"]),
        ({"valid_from": DAY}, COUNSELLING, []),
    ],
)
def test_every_criterion_that_is_not_met_is_named(
    facts: dict[str, Any], standing: Standing, missing: list[str]
) -> None:
    assert not_met(NetworkRule(**RULE | facts), Verb.INCLUDE, DAY, standing) == missing


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        (InstitutionType.LOCAL_AUTHORITY, ["coordinating"]),
        (InstitutionType.PSYCH_PED_COUNSELLING_CENTRE, ["supporting"]),
        (InstitutionType.KINDERGARTEN, ["cooperating"]),
        (InstitutionType.PRIMARY_SCHOOL, ["cooperating"]),
        (InstitutionType.NGO, ["cooperating"]),
        (InstitutionType.COUNTY_FAMILY_SUPPORT_CENTRE, ["coordinating", "supporting", "cooperating"]),
        (InstitutionType.HOSPITAL, ["supporting", "cooperating"]),
    ],
)
def test_roles_suit_the_types_that_source_000_names_and_others_unless_the_data_can_tell(
    kind: InstitutionType, roles: list[str]
) -> None:
    assert suiting_roles(Standing(kind, SECTOR_OF_TYPE.get(kind, Sector.CIVIC)), DAY) == roles


@pytest.mark.parametrize(("level", "roles"), [("I", ["supporting"]), ("II", ["supporting"])])
def test_health_institutions_of_levels_one_and_two_support_by_source_000(level: str, roles: list[str]) -> None:
    hospital = Standing(InstitutionType.HOSPITAL, Sector.HEALTH, reference_level=ReferenceLevel(level))
    assert suiting_roles(hospital, DAY) == roles
    assert suiting_roles(hospital._replace(reference_level=ReferenceLevel.III), DAY) == ["supporting", "cooperating"]


def test_coordination_is_public_or_given_by_the_county() -> None:
    private = Standing(InstitutionType.OTHER, Sector.FAMILY_SUPPORT, Ownership.NON_PUBLIC)
    assert not suits(NetworkRole.COORDINATING, private, DAY)
    assert not suits(NetworkRole.COORDINATING, COUNSELLING, DAY)
    assert suits(NetworkRole.COORDINATING, COUNSELLING._replace(is_coordinating=True), DAY)


def test_before_the_model_nothing_is_said_of_roles() -> None:
    assert len(suiting_roles(COUNSELLING, date(2022, 8, 31))) == 3


@given(st.sampled_from(InstitutionType), st.sampled_from(Sector), st.none() | st.sampled_from(ReferenceLevel))
def test_there_is_a_role_for_everybody(kind: InstitutionType, sector: Sector, level: ReferenceLevel | None) -> None:
    assert suiting_roles(Standing(kind, sector, reference_level=level), DAY)
