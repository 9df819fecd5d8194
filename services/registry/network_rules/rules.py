"""The criteria of a network's rule, and when the rule is in force. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Protocol


class RuleDirection(StrEnum):
    """The directions of a rule."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"


# The criteria that the stored facts can decide; people judge everything else.
CRITERIA = ("sectors", "institution_types", "needs_verified_service", "in_county")


class RuleTerms(Protocol):
    """The criteria of a rule, its direction, and its validity (`valid_to` is the first
    day without it).
    """

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
    # The next rule may begin on that day: without a gap and without an overlap.
    return rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to)
