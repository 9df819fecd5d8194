"""Who may enter the groups of a programme, and which facts belong to that. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class EnrolmentRule(StrEnum):
    """Whom a programme trains.

    `social_employment`: source 002, `authority_team`: source 003, `coordinators`:
    source 000 (KWM, KIK, KBWWR, KBU).
    """

    SOCIAL_EMPLOYMENT = "social_employment"
    AUTHORITY_TEAM = "authority_team"
    COORDINATORS = "coordinators"
    OPEN = "open"


TEAM = ("smallest_team", "largest_team")


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields of a programme that contradict others, each with a code."""
    wrong = []
    if facts["ends_on"] < facts["starts_on"]:
        wrong.append(("ends_on", "wrong_order"))
    rule = facts["enrolment_rule"]
    # Two from each location of the test (source 002); other programmes have none.
    is_of_locations = rule == EnrolmentRule.SOCIAL_EMPLOYMENT
    if facts["trainees_per_location"] is not None and not is_of_locations:
        wrong.append(("trainees_per_location", "not_allowed"))
    return wrong + _team_contradictions(facts, rule)


def _team_contradictions(facts: Mapping[str, Any], rule: str) -> list[tuple[str, str]]:
    # Both or neither: a team without an upper end could fill a group alone.
    given = [name for name in TEAM if facts[name] is not None]
    if rule != EnrolmentRule.AUTHORITY_TEAM:
        return [(name, "not_allowed") for name in given]
    if len(given) < len(TEAM):
        return [(name, "missing") for name in TEAM if name not in given]
    in_order = facts["smallest_team"] <= facts["largest_team"]
    return [] if in_order else [("largest_team", "wrong_order")]
