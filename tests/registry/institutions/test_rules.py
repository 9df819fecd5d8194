"""What may hold which function, and what goes together."""

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
