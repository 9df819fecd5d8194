"""Which bodies there are, where they sit, and by which process they are formed. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from services.registry.territories.rules import WHOLE_COMMUNES, commune_kind


class BodyKind(StrEnum):
    """Teams and platforms of the cooperation model (source 004); a county's centre (source 000)."""

    LOCAL_SYNERGY_TEAM = "local_synergy_team"
    COUNTY_COOPERATION_PLATFORM = "county_cooperation_platform"
    REGIONAL_COOPERATION_PLATFORM = "regional_cooperation_platform"
    COUNTY_RESOURCE_COORDINATION_CENTRE = "county_resource_coordination_centre"


class Pillar(StrEnum):
    """The pillars of a body of cooperation (source 004): public employment services,
    social assistance with organisations, social and occupational reintegration.
    """

    EMPLOYMENT = "employment"
    SOCIAL_ASSISTANCE = "social_assistance"
    REINTEGRATION = "reintegration"


PROCESS_OF: Mapping[BodyKind, str] = {
    BodyKind.COUNTY_COOPERATION_PLATFORM: "rpwp_formation",
    BodyKind.REGIONAL_COOPERATION_PLATFORM: "rpwp_formation",
    BodyKind.COUNTY_RESOURCE_COORDINATION_CENTRE: "pckz_formation",
}
"""The process by which a body of a kind is formed; a local synergy team has none."""

SEAT_FIELDS = ("commune_terc", "county_terc", "voivodeship_terc")
"""From the smallest unit to the largest."""

_SEATS: Mapping[BodyKind, str] = {
    BodyKind.LOCAL_SYNERGY_TEAM: "commune_terc",
    BodyKind.COUNTY_COOPERATION_PLATFORM: "county_terc",
    BodyKind.REGIONAL_COOPERATION_PLATFORM: "voivodeship_terc",
    BodyKind.COUNTY_RESOURCE_COORDINATION_CENTRE: "county_terc",
}


def seat_errors(
    kind: BodyKind, place: Mapping[str, str | None]
) -> list[tuple[str, str]]:
    """The errors in the place of a new body: field and code.

    A body names the unit of its own level and no other: the units above follow from the code.
    A team sits in a whole commune.
    """
    seat_field = _SEATS[kind]
    wrong = [
        (field, "missing" if field == seat_field else "not_allowed")
        for field in SEAT_FIELDS
        # True where the own level is missing, and where another level is named.
        if (place[field] is None) == (field == seat_field)
    ]
    commune = place["commune_terc"]
    if wrong or commune is None:
        return wrong
    is_whole = commune_kind(commune) in WHOLE_COMMUNES
    return [] if is_whole else [("commune_terc", "part_of_commune")]


def with_units_above(place: Mapping[str, str | None]) -> dict[str, str | None]:
    """The same place with the county and the voivodeship that its code begins with."""
    commune = place["commune_terc"]
    county = place["county_terc"] or (commune[:4] if commune else None)
    voivodeship = place["voivodeship_terc"] or (county[:2] if county else None)
    return {
        "commune_terc": commune,
        "county_terc": county,
        "voivodeship_terc": voivodeship,
    }


class Group(NamedTuple):
    """How many must represent one group: people, or institutions where `of_institutions`.

    No maximum: no limit. `delegating_kind`: its members are sent by a body of that kind.
    """

    code: str
    minimum: int
    maximum: int | None
    of_institutions: bool = False
    delegating_kind: str | None = None


def ending_errors(
    since: date, until: date | None, reason: str | None, today: date
) -> list[tuple[str, str]]:
    """The errors in the end of a body that is entered only after its end:
    field and code.
    """
    if until is None and reason is None:
        return []
    if until is None:
        return [("dissolved_on", "both_or_neither")]
    if reason is None:
        return [("dissolving_reason", "both_or_neither")]
    if until <= since:
        return [("dissolved_on", "wrong_order")]
    return wrong_day("dissolved_on", until, since=since, today=today)


def wrong_day(
    field: str, day: date, *, since: date, today: date | None = None
) -> list[tuple[str, str]]:
    """The field and the code where a day is before `since`, or after `today`; empty where it fits.

    Without `today` a day in the future fits as well.
    """
    if day < since:
        return [(field, "wrong_order")]
    is_future = today is not None and day > today
    return [(field, "in_future")] if is_future else []
