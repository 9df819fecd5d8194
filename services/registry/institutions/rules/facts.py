"""Which facts of an institution contradict each other. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from stdnum.pl import nip, regon

from services.registry.institutions.rules.kinds import (
    InstitutionType,
    Sector,
    sector_contradicts,
    sector_of,
)


def is_open(opened_on: date | None, closed_on: date | None, on: date) -> bool:
    """Whether an institution works on a day; the day of closing is no longer a working day."""
    return (opened_on is None or opened_on <= on) and (
        closed_on is None or on < closed_on
    )


def lies_in_poland(latitude: float, longitude: float) -> bool:
    """Whether a point lies in the rectangle around Poland (degrees, WGS 84)."""
    # A rectangle is enough to detect a latitude and a longitude that were exchanged.
    return 49.0 <= latitude <= 54.9 and 14.0 <= longitude <= 24.2


def commune_is_in(commune_terc: str, county_terc: str) -> bool:
    """Whether a commune's code begins with its county's."""
    return commune_terc.startswith(county_terc)


# Registers write several numbers into one field, hence the separators.
PHONE = r"^\+?[0-9][0-9 ()/,;-]{4,60}$"
EMAIL = r"^[^@\s]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}$"
WEBSITE = r"^https?://[^\s<>\"']{3,500}$"


def regon_of(number: str) -> str | None:
    """The REGON of a number: nine digits followed by five zeros become the nine digits.
    None for no REGON.
    """
    if len(number) == 14 and number.endswith("00000"):
        number = number[:9]
    return number if is_regon(number) else None


def is_regon(number: str) -> bool:
    """Whether a number is a REGON of 9 or 14 ASCII digits with correct check digits."""
    if not (number.isascii() and number.isdigit() and len(number) in {9, 14}):
        return False
    # A REGON of 14 digits begins with one of 9, which has a check digit of its own.
    short: bool = regon.calc_check_digit(number[:8]) == number[8]
    return short and (
        len(number) == 9 or regon.calc_check_digit(number[:13]) == number[13]
    )


def is_nip(number: str) -> bool:
    """Whether a number is a NIP of ten ASCII digits with a correct check digit,
    without separators.
    """
    return (
        number.isascii()
        and number.isdigit()
        and len(number) == 10
        and nip.checksum(number) == 0
    )


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The contradictions in the facts of one institution: field and code. Empty when
    there are none.
    """
    wrong = []
    kind, sector = InstitutionType(facts["type"]), facts.get("sector")
    if sector_of(kind, sector) is None:
        wrong.append(("sector", "missing"))
    if sector_contradicts(kind, sector):
        wrong.append(("sector", "not_allowed"))
    if facts.get("reference_level") and sector_of(kind, sector) != Sector.HEALTH:
        wrong.append(("reference_level", "health_only"))
    if facts.get("commune_terc") and not commune_is_in(
        facts["commune_terc"], facts["county_terc"]
    ):
        wrong.append(("commune_terc", "outside_county"))
    return wrong + _contradicting_numbers(facts)


def _contradicting_numbers(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    wrong = []
    latitude, longitude = facts.get("latitude"), facts.get("longitude")
    if (latitude is None) != (longitude is None):
        wrong.append(
            ("latitude" if latitude is None else "longitude", "both_or_neither")
        )
    elif (
        latitude is not None
        and longitude is not None
        and not lies_in_poland(latitude, longitude)
    ):
        wrong.append(("latitude", "outside_poland"))
    if _exceeds(facts.get("enrolled"), facts.get("places")):
        wrong.append(("enrolled", "more_than_capacity"))
    if _exceeds(facts.get("opened_on"), facts.get("closed_on")):
        wrong.append(("closed_on", "wrong_order"))
    return wrong


def _exceeds(value: Any, limit: Any) -> bool:
    return value is not None and limit is not None and bool(value > limit)
