"""What bodies there are, who must sit in them, what a step of formation needs, and when meetings fall. Pure."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from services.registry.territories.rules import WHOLE_COMMUNES, commune_kind


class BodyKind(StrEnum):
    """The teams and platforms of the local cooperation model (source 004), and the county's centre (source 000)."""

    LOCAL_SYNERGY_TEAM = "local_synergy_team"
    COUNTY_COOPERATION_PLATFORM = "county_cooperation_platform"
    REGIONAL_COOPERATION_PLATFORM = "regional_cooperation_platform"
    COUNTY_RESOURCE_COORDINATION_CENTRE = "county_resource_coordination_centre"


class Recipient(StrEnum):
    """Whom a communiqué addresses: the boards and councils of source 004, and the region's counterparts."""

    COMMUNE_BOARDS = "commune_boards"
    COUNTY_BOARD = "county_board"
    COUNTY_COUNCIL = "county_council"
    COUNTY_EMPLOYMENT_COUNCIL = "county_employment_council"
    COUNTY_PUBLIC_BENEFIT_COUNCIL = "county_public_benefit_council"
    VOIVODESHIP_BOARD = "voivodeship_board"
    VOIVODE = "voivode"
    VOIVODESHIP_EMPLOYMENT_COUNCIL = "voivodeship_employment_council"
    VOIVODESHIP_PUBLIC_BENEFIT_COUNCIL = "voivodeship_public_benefit_council"


class MeetingKind(StrEnum):
    """Why a body meets."""

    FIRST = "first"
    CYCLICAL = "cyclical"
    EXTRAORDINARY = "extraordinary"


class MeetingState(StrEnum):
    """What became of a meeting."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Condition(StrEnum):
    """What a step of formation needs besides the steps before it."""

    VALID_COMPOSITION = "valid_composition"
    PLANNED_MEETING = "planned_meeting"
    ISSUED_COMMUNIQUE = "issued_communique"
    COUNTY_NETWORK = "county_network"


PROCESS_OF: Mapping[BodyKind, str] = {
    BodyKind.COUNTY_COOPERATION_PLATFORM: "rpwp_formation",
    BodyKind.REGIONAL_COOPERATION_PLATFORM: "rpwp_formation",
    BodyKind.COUNTY_RESOURCE_COORDINATION_CENTRE: "pckz_formation",
}
"""The process by which a body comes to be; a local synergy team has none."""

CONDITIONS: Mapping[str, Sequence[Condition]] = {
    "cyclic_work": (Condition.VALID_COMPOSITION, Condition.PLANNED_MEETING),
    "communications": (Condition.ISSUED_COMMUNIQUE,),
    "support_network_created": (Condition.COUNTY_NETWORK,),
    "centre_established": (Condition.VALID_COMPOSITION,),
}
"""By step. Platforms work in cycles with their agreed representation and tell of it (source 004); a centre rests on the
county's network (source 000)."""

SEAT_FIELDS = ("commune_terc", "county_terc", "voivodeship_terc")
"""From the smallest unit to the largest."""

_SEATS: Mapping[BodyKind, str] = {
    BodyKind.LOCAL_SYNERGY_TEAM: "commune_terc",
    BodyKind.COUNTY_COOPERATION_PLATFORM: "county_terc",
    BodyKind.REGIONAL_COOPERATION_PLATFORM: "voivodeship_terc",
    BodyKind.COUNTY_RESOURCE_COORDINATION_CENTRE: "county_terc",
}


def seat_errors(kind: BodyKind, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with where a body is to sit: field and code. A team sits in a whole commune, a platform in a county
    or voivodeship; the units above follow from it."""
    own = _SEATS[kind]
    amiss = [field for field in SEAT_FIELDS if (facts[field] is None) == (field == own)]
    wrong = [(field, "missing" if field == own else "not_allowed") for field in amiss]
    commune = facts["commune_terc"]
    if (
        not wrong
        and commune is not None
        and commune_kind(commune) not in WHOLE_COMMUNES
    ):
        wrong.append(("commune_terc", "part_of_commune"))
    return wrong


def with_units_above(seat: Mapping[str, str | None]) -> dict[str, str | None]:
    """The same place with the county and the voivodeship that its code begins with."""
    commune = seat["commune_terc"]
    county = seat["county_terc"] or (commune[:4] if commune else None)
    voivodeship = seat["voivodeship_terc"] or (county[:2] if county else None)
    return {
        "commune_terc": commune,
        "county_terc": county,
        "voivodeship_terc": voivodeship,
    }


class Group(NamedTuple):
    """How many must represent one group: people, or institutions where those are what counts. No maximum: no limit."""

    code: str
    minimum: int
    maximum: int | None
    of_institutions: bool = False
    delegating_kind: str | None = None


class Seat(NamedTuple):
    """A member as the composition sees them: for which group, and of which institution."""

    group: str
    institution: str | None = None


class GroupCount(NamedTuple):
    """How many represent a group, how many are missing and how many are too many."""

    group: str
    present: int
    missing: int
    surplus: int


def count_groups(groups: Sequence[Group], seats: Sequence[Seat]) -> list[GroupCount]:
    """How each group is represented. The pilot platform of a county is exactly 2 + 2 + 1 (source 004)."""
    return [_count(group, seats) for group in groups]


def _count(group: Group, seats: Sequence[Seat]) -> GroupCount:
    taken = [seat for seat in seats if seat.group == group.code]
    present = (
        len({seat.institution for seat in taken if seat.institution})
        if group.of_institutions
        else len(taken)
    )
    surplus = 0 if group.maximum is None else max(0, present - group.maximum)
    return GroupCount(group.code, present, max(0, group.minimum - present), surplus)


def is_valid(counts: Sequence[GroupCount]) -> bool:
    """Whether nobody is missing and nobody is too many."""
    return not any(count.missing or count.surplus for count in counts)


def member_errors(
    group: Group, institution: object | None, delegating_body: object | None
) -> list[tuple[str, str]]:
    """What is wrong with whom a member stands for: field and code."""
    wrong = []
    if group.of_institutions and institution is None:
        wrong.append(("institution_id", "missing"))
    if (group.delegating_kind is None) != (delegating_body is None):
        wrong.append(
            (
                "delegating_body_id",
                "missing" if group.delegating_kind else "not_allowed",
            )
        )
    return wrong


def delegation_error(
    group: Group, body: Mapping[str, Any], delegating: Mapping[str, Any]
) -> str | None:
    """Why that body cannot delegate into this one; None when it can. It lies where this body works."""
    if delegating["kind"] != group.delegating_kind:
        return "wrong_body_kind"
    if (
        body["county_terc"] is not None
        and delegating["county_terc"] != body["county_terc"]
    ):
        return "outside_county"
    if delegating["voivodeship_terc"] != body["voivodeship_terc"]:
        return "outside_voivodeship"
    return "dissolved" if delegating["dissolved_on"] is not None else None


def meeting_dates(
    first_on: date, every_months: int | None, times: int | None
) -> list[date]:
    """The days of a series: the same day of every n-th month, or the last of a month that is too short."""
    return [
        _months_later(first_on, number * (every_months or 0))
        for number in range(times or 1)
    ]


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
