"""Enrolment rules of programmes, and the facts that each rule needs. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class EnrolmentRule(StrEnum):
    """The people whom a programme trains.

    `social_employment`: source 002, `authority_team`: source 003, `coordinators`:
    source 000 (KWM, KIK, KBWWR, KBU).
    """

    SOCIAL_EMPLOYMENT = "social_employment"
    AUTHORITY_TEAM = "authority_team"
    COORDINATORS = "coordinators"
    OPEN = "open"


TEAM = ("smallest_team", "largest_team")


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The inconsistent fields of a programme, each with its code."""
    errors = []
    if facts["ends_on"] < facts["starts_on"]:
        errors.append(("ends_on", "wrong_order"))
    rule = facts["enrolment_rule"]
    # Only social employment has locations, with two people each (source 002).
    is_of_locations = rule == EnrolmentRule.SOCIAL_EMPLOYMENT
    if facts["trainees_per_location"] is not None and not is_of_locations:
        errors.append(("trainees_per_location", "not_allowed"))
    return errors + _team_contradictions(facts, rule)


def _team_contradictions(facts: Mapping[str, Any], rule: str) -> list[tuple[str, str]]:
    # Both or neither: a team without a maximum could fill a group alone.
    set_names = [name for name in TEAM if facts[name] is not None]
    if rule != EnrolmentRule.AUTHORITY_TEAM:
        return [(name, "not_allowed") for name in set_names]
    if len(set_names) < len(TEAM):
        return [(name, "missing") for name in TEAM if name not in set_names]
    in_order = facts["smallest_team"] <= facts["largest_team"]
    return [] if in_order else [("largest_team", "wrong_order")]
