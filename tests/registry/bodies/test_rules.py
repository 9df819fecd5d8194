"""Where a body sits."""

import pytest

from services.registry.bodies.rules import BodyKind, seat_errors, with_units_above

NOWHERE: dict[str, str | None] = {"commune_terc": None, "county_terc": None, "voivodeship_terc": None}


@pytest.mark.parametrize(
    ("kind", "given_", "wrong"),
    [
        (BodyKind.LOCAL_SYNERGY_TEAM, {"commune_terc": "2469011"}, []),
        (BodyKind.LOCAL_SYNERGY_TEAM, {"commune_terc": "2401044"}, [("commune_terc", "part_of_commune")]),
        (BodyKind.LOCAL_SYNERGY_TEAM, {}, [("commune_terc", "missing")]),
        (
            BodyKind.LOCAL_SYNERGY_TEAM,
            {"commune_terc": "2469011", "county_terc": "2469"},
            [("county_terc", "not_allowed")],
        ),
        (BodyKind.COUNTY_COOPERATION_PLATFORM, {"county_terc": "2469"}, []),
        (
            BodyKind.COUNTY_RESOURCE_COORDINATION_CENTRE,
            {"voivodeship_terc": "24"},
            [("county_terc", "missing"), ("voivodeship_terc", "not_allowed")],
        ),
        (BodyKind.REGIONAL_COOPERATION_PLATFORM, {"voivodeship_terc": "24"}, []),
    ],
)
def test_a_body_sits_at_its_own_level(kind: BodyKind, given_: dict[str, str], wrong: list[tuple[str, str]]) -> None:
    assert seat_errors(kind, NOWHERE | given_) == wrong


def test_the_units_above_follow_from_the_code() -> None:
    assert [*with_units_above(NOWHERE | {"commune_terc": "2469011"}).values()] == ["2469011", "2469", "24"]
    assert [*with_units_above(NOWHERE | {"county_terc": "2469"}).values()] == [None, "2469", "24"]
    assert [*with_units_above(NOWHERE | {"voivodeship_terc": "24"}).values()] == [None, None, "24"]
