"""What a programme may say of itself. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class SiteLevel(StrEnum):
    """What a site of a programme is: a county, a commune, or a place that may share its county with others."""

    COUNTY = "county"
    COMMUNE = "commune"
    LOCATION = "location"


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What in the facts of a programme does not go together: field and code."""
    wrong = []
    if (
        facts["starts_on"]
        and facts["ends_on"]
        and facts["ends_on"] < facts["starts_on"]
    ):
        wrong.append(("ends_on", "wrong_order"))
    # Refused, not mended: a sphere that is named twice may stand for one left out.
    if len({*facts["spheres"]}) != len(facts["spheres"]):
        wrong.append(("spheres", "repeated"))
    return wrong
