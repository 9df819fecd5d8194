"""What may hold which function, and what goes together."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.pl import nip, regon

from services.registry.institutions.rules.facts import contradictions, is_nip, is_open, is_regon
from services.registry.institutions.rules.functions import WOKRO_HOST_TYPES, may_hold
from services.registry.institutions.rules.kinds import (
    SECTOR_OF_TYPE,
    DesignationMode,
    FunctionKind,
    InstitutionType,
    Ownership,
    Sector,
)

KINDS = st.sampled_from(InstitutionType)


def test_the_act_names_seven_hosts_of_a_lead_coordination_centre() -> None:
    """School System Act of 7 September 1991, art. 90v(3); specialist counselling centres count as the seventh."""
    assert len(WOKRO_HOST_TYPES) == 7
    specialist = InstitutionType.SPECIALIST_COUNSELLING_CENTRE
    assert may_hold(FunctionKind.WOKRO, specialist, DesignationMode.DESIGNATED, Ownership.PUBLIC)


@given(KINDS, st.sampled_from(DesignationMode), st.sampled_from([*Ownership, None]))
def test_nobody_else_hosts_one_and_a_non_public_host_is_entrusted(
    kind: InstitutionType, mode: DesignationMode, ownership: Ownership | None
) -> None:
    hosts = WOKRO_HOST_TYPES | {InstitutionType.SPECIALIST_COUNSELLING_CENTRE}
    entrusted = mode is DesignationMode.ENTRUSTED or ownership is not Ownership.NON_PUBLIC
    assert may_hold(FunctionKind.WOKRO, kind, mode, ownership) is (kind in hosts and entrusted)
    assert may_hold(FunctionKind.PCKZ, kind, mode, ownership)


@pytest.mark.parametrize("number", ["192598184", "123456785", "12345678512347"])
def test_a_right_regon(number: str) -> None:
    assert is_regon(number)


@pytest.mark.parametrize(
    "number",
    [
        "192598183",
        "12345678512348",
        "12345678612342",
        "19259818",
        "\u0661\u0669\u0662\u0665\u0669\u0668\u0661\u0668\u0664",
        "",
    ],
)
def test_a_wrong_regon(number: str) -> None:
    assert not is_regon(number)


@given(st.text("0123456789", min_size=8, max_size=14))
def test_a_regon_is_judged_as_the_reference_implementation_does(number: str) -> None:
    """python-stdnum as the oracle."""
    assert is_regon(number) is bool(regon.is_valid(number))


@given(st.text("0123456789", min_size=9, max_size=11))
def test_a_nip_is_judged_as_the_reference_implementation_does(number: str) -> None:
    """python-stdnum as the oracle; 8567346215 is right, 8567346216 wrong."""
    assert is_nip(number) is bool(nip.is_valid(number))
    assert (is_nip("8567346215"), is_nip("8567346216"), is_nip("856-734-62-15")) == (True, False, False)


@given(st.none() | st.dates(), st.none() | st.dates(), st.dates())
def test_an_institution_works_from_its_opening_until_the_day_before_its_closing(
    opened: object, closed: object, day: object
) -> None:
    works = is_open(opened, closed, day)  # type: ignore[arg-type]
    assert works is (str(opened or "0") <= str(day) and str(day) < str(closed or "9999-99"))


@given(KINDS, st.none() | st.sampled_from(Sector))
def test_the_sector_is_implied_by_the_type_or_has_to_be_given(kind: InstitutionType, sector: Sector | None) -> None:
    found = dict(contradictions({"type": kind, "sector": sector, "county_terc": "2469"}))
    implied = SECTOR_OF_TYPE.get(kind)
    if implied is None:
        assert found.get("sector") == ("missing" if sector is None else None)
    else:
        assert found.get("sector") == ("not_allowed" if sector not in {None, implied} else None)


def test_the_seven_hosts_are_those_of_the_act() -> None:
    assert {*WOKRO_HOST_TYPES} == {
        "kindergarten",
        "other_preschool_form",
        "primary_school",
        "special_school_centre",
        "special_education_centre",
        "rehabilitation_education_centre",
        "psych_ped_counselling_centre",
    }


def _control(weights: str, digits: str) -> int:
    return sum(int(weight) * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11


@given(st.from_regex(r"[0-9]{9}|[0-9]{14}|[0-9]{10}", fullmatch=True))
def test_check_digits_agree_with_a_calculation_of_our_own(number: str) -> None:
    """The implementation is the reference one; the weights written out here are the official ones."""
    if len(number) == 10:
        assert is_nip(number) is (_control("657234567", number[:9]) == int(number[9]))
        return
    right = _control("89234567", number[:8]) % 10 == int(number[8])
    if len(number) == 14:
        right = right and _control("2485097361248", number[:13]) % 10 == int(number[13])
    assert is_regon(number) is right


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({}, []),
        ({"reference_level": "II"}, [("reference_level", "health_only")]),
        ({"type": "hospital", "reference_level": "II"}, []),
        ({"type": "ngo", "sector": "health", "reference_level": "I"}, []),
        ({"commune_terc": "2401011"}, [("commune_terc", "outside_county")]),
        ({"commune_terc": "2469011"}, []),
        ({"latitude": 50.0}, [("longitude", "both_or_neither")]),
        ({"longitude": 19.0}, [("latitude", "both_or_neither")]),
        ({"latitude": 52.52, "longitude": 13.4}, [("latitude", "outside_poland")]),
        ({"latitude": 19.02, "longitude": 50.26}, [("latitude", "outside_poland")]),
        ({"latitude": 54.836, "longitude": 18.3}, []),
        ({"places": 5, "enrolled": 6}, [("enrolled", "more_than_capacity")]),
        ({"places": 5, "enrolled": 5}, []),
        ({"opened_on": date(2026, 1, 2), "closed_on": date(2026, 1, 1)}, [("closed_on", "wrong_order")]),
        ({"opened_on": date(2026, 1, 1), "closed_on": date(2026, 1, 1)}, []),
    ],
)
def test_what_does_not_go_together_is_named(facts: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    assert contradictions({"type": "kindergarten", "county_terc": "2469"} | facts) == wrong


def test_oversight_courts_and_police_have_sectors_of_their_own_work() -> None:
    """The superintendent's office oversees education (source 001 invites it); it is no school and hosts no centre."""
    office = InstitutionType.SUPERINTENDENTS_OFFICE
    assert SECTOR_OF_TYPE[office] is Sector.EDUCATION
    assert office not in WOKRO_HOST_TYPES
    assert {SECTOR_OF_TYPE[kind] for kind in (InstitutionType.COURT, InstitutionType.POLICE)} == {Sector.JUSTICE}
