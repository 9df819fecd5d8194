"""Which facts of a programme contradict each other. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class SiteLevel(StrEnum):
    """What a site of a programme is: a county, a commune, or a place that may share its county with others."""

    COUNTY = "county"
    COMMUNE = "commune"
    LOCATION = "location"


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The contradictions in the facts of a programme: field and code."""
    wrong = []
    if (
        facts["starts_on"]
        and facts["ends_on"]
        and facts["ends_on"] < facts["starts_on"]
    ):
        wrong.append(("ends_on", "wrong_order"))
    # Refused, not corrected: a repeated sphere may stand for one that was left out.
    if len({*facts["spheres"]}) != len(facts["spheres"]):
        wrong.append(("spheres", "repeated"))
    return wrong
