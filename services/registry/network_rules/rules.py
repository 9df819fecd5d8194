"""What a rule of a network demands, and when it is in force. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Protocol


class RuleDirection(StrEnum):
    """What a rule is for."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"


# What can be checked by data; anything else is for people to judge.
CRITERIA = ("sectors", "institution_types", "needs_verified_service", "in_county")


class RuleTerms(Protocol):
    """What a rule demands of an institution, in which direction, and from when until before when."""

    direction: str
    sectors: list[str]
    institution_types: list[str]
    needs_verified_service: bool
    in_county: bool
    valid_from: date
    valid_to: date | None


def excess_criteria(
    direction: RuleDirection, facts: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """The criteria that a rule may not have, with a code: people judge the grounds of exclusion."""
    if direction is RuleDirection.INCLUSION:
        return []
    return [(name, "not_allowed") for name in CRITERIA if facts[name]]


def is_in_force(rule: RuleTerms, day: date) -> bool:
    """Whether a rule is in force on a day; the day of retiring no longer counts."""
    # Its successor may begin on that day, without a gap and without a day of both.
    return rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to)
