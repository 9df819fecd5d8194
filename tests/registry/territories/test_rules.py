"""What TERC codes say."""

from pathlib import Path

import pytest

from services.registry.territories.rules import (
    WHOLE_COMMUNES,
    CommuneKind,
    CountyKind,
    commune_kind,
    county_kind,
    urbanisation,
)

OFFICIAL = Path(__file__).parents[4] / "shared/data/TERC_2020-01-01.csv"


@pytest.mark.parametrize(
    ("terc", "kind"),
    [("2401", "county"), ("1460", "county"), ("2461", "city_with_county_rights"), ("1465", "city_with_county_rights")],
)
def test_numbers_from_61_are_cities(terc: str, kind: str) -> None:
    assert county_kind(terc) == CountyKind(kind)


@pytest.mark.parametrize(
    ("digit", "kind"),
    [("1", "urban"), ("2", "rural"), ("3", "urban_rural"), ("8", "warsaw_district"), ("9", "city_delegacy")],
)
def test_the_seventh_digit_is_the_kind(digit: str, kind: str) -> None:
    assert commune_kind(f"246901{digit}") == CommuneKind(kind)


@pytest.mark.parametrize("terc", ["2469010", "2469016", "2469017", "246901", ""])
def test_another_digit_is_no_kind(terc: str) -> None:
    assert commune_kind(terc) is None


def test_a_town_inside_a_commune_is_not_counted_with_it() -> None:
    assert commune_kind("2469014") not in WHOLE_COMMUNES
    assert commune_kind("2469015") not in WHOLE_COMMUNES


@pytest.mark.parametrize(
    ("urban", "all_", "share"), [(1, 3, 0.3333), (0, 5, 0.0), (5, 5, 1.0), (None, 5, None), (1, 0, None)]
)
def test_urbanisation_is_the_share_in_towns(urban: int | None, all_: int, share: float | None) -> None:
    assert urbanisation(urban, all_) == share


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the official file is not here")
def test_the_official_file_has_the_counties_and_communes_that_are_known() -> None:
    rows = [line.split(";") for line in OFFICIAL.read_text(encoding="utf-8-sig").splitlines()[1:] if line]
    counties = [row[0] + row[1] for row in rows if row[1] and not row[2]]
    communes = [commune_kind("".join(row[:4])) for row in rows if row[2]]
    assert len([terc for terc in counties if county_kind(terc) is CountyKind.COUNTY]) == 314
    assert len(counties) == 380
    assert len([kind for kind in communes if kind in WHOLE_COMMUNES]) == 2477
    assert None not in communes
