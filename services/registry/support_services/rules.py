"""Which facts of a support service contradict each other, and when it is stale. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

# The mean radius of the earth (IUGG).
EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = 111.2
ORDER = ("ordered_by_institution_id", "contracting_instrument")
# Source 000 asks that resources be kept up to date, and gives no number of days.
DAYS_UNTIL_STALE = 90
_POINT = re.compile(
    r"(-?[0-9]{1,2}(?:\.[0-9]{1,12})?),(-?[0-9]{1,3}(?:\.[0-9]{1,12})?)", re.ASCII
)


class SupportKind(StrEnum):
    """The five kinds of support of the family-centred model of early support."""

    INFORMATIONAL = "informational"
    EMOTIONAL = "emotional"
    SOCIAL = "social"
    DIAGNOSTIC = "diagnostic"
    THERAPEUTIC = "therapeutic"


class TargetGroup(StrEnum):
    """The target groups of services."""

    EXPECTING_FAMILY = "expecting_family"
    CHILD = "child"
    PUPIL = "pupil"
    FAMILY = "family"
    FOSTER_FAMILY = "foster_family"
    ENVIRONMENT = "environment"


class EligibilityDocument(StrEnum):
    """Documents of which one is enough for early support."""

    EARLY_SUPPORT_NEED_OPINION = "early_support_need_opinion"
    SPECIAL_EDUCATION_RULING = "special_education_ruling"
    REHABILITATION_CLASSES_RULING = "rehabilitation_classes_ruling"
    MEDICAL_CERTIFICATE = "medical_certificate"
    DISABILITY_RULING = "disability_ruling"
    MEDICAL_DOCUMENTATION = "medical_documentation"


class AccessibilityFeature(StrEnum):
    """How a place or a service is accessible."""

    STEP_FREE = "step_free"
    LIFT = "lift"
    ACCESSIBLE_TOILET = "accessible_toilet"
    INDUCTION_LOOP = "induction_loop"
    SIGN_LANGUAGE = "sign_language"
    EASY_TO_READ = "easy_to_read"
    AUGMENTATIVE_COMMUNICATION = "augmentative_communication"
    HOME_VISITS = "home_visits"
    REMOTE = "remote"


def contradictions(
    facts: Mapping[str, Any], held_places: int = 0
) -> list[tuple[str, str]]:
    """The contradictions in the description of a service: field and code.

    `held_places`: how many places are reserved or taken; they are not among
    the free ones.
    """
    wrong = []
    free, capacity = facts.get("free_places"), facts.get("capacity")
    if _exceeds(free, capacity):
        wrong.append(("free_places", "more_than_capacity"))
    # Free and held places together must fit into the capacity.
    elif _exceeds((free or 0) + held_places, capacity):
        field = "capacity" if free is None else "free_places"
        wrong.append((field, "places_held"))
    if facts.get("free_places") is not None and facts.get("capacity") is None:
        wrong.append(("capacity", "missing"))
    if _exceeds(
        facts.get("age_from_months"), facts.get("age_to_months"), or_equal=True
    ):
        wrong.append(("age_to_months", "wrong_order"))
    if _exceeds(facts.get("offered_from"), facts.get("offered_to")):
        wrong.append(("offered_to", "wrong_order"))
    return [*wrong, *_half_an_order(facts)]


def _half_an_order(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The missing half of an order, field and code: it names both who orders
    and by which act.
    """
    presence = [facts.get(name) is not None for name in ORDER]
    return [
        (name, "both_or_neither")
        for name, is_present in zip(ORDER, presence, strict=True)
        if not is_present and any(presence)
    ]


def _exceeds(value: Any, limit: Any, *, or_equal: bool = False) -> bool:
    return (
        value is not None
        and limit is not None
        and bool(value > limit or (or_equal and value == limit))
    )


def stale_since(now: datetime, days: int) -> datetime:
    """The instant `days` before `now`: a service that was last verified
    before it is stale.
    """
    return now - timedelta(days=days)


def stale_before(day: date) -> date:
    """The day before which a last verification is stale on `day`."""
    return day - timedelta(days=DAYS_UNTIL_STALE)


def is_offered(offered_from: date | None, offered_to: date | None, on: date) -> bool:
    """Whether a service is offered on a day; the last day counts."""
    return (offered_from is None or offered_from <= on) and (
        offered_to is None or on <= offered_to
    )


class Point(NamedTuple):
    """A place on the earth, in degrees."""

    latitude: float
    longitude: float


def parse_point(text: str) -> Point | None:
    """`lat,lon` in degrees as a point, None when it is not one.

    >>> parse_point("50.26,19.02")
    Point(latitude=50.26, longitude=19.02)
    """
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    point = Point(float(match[1]), float(match[2]))
    is_on_earth = abs(point.latitude) <= 90 and abs(point.longitude) <= 180
    return point if is_on_earth else None
