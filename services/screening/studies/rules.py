"""How a study stands, what may be done with it then, and which plans contradict themselves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

LEAST_SAMPLE = 10
"""Children that every study needs, whatever its own minimum."""


class StudyState(StrEnum):
    """How a study stands."""

    DRAFT = "draft"
    RUNNING = "running"
    READY = "ready"


VERBS: Mapping[StudyState, list[str]] = {
    StudyState.DRAFT: ["amend", "run"],
    # A change meanwhile would show one plan beside the results of another.
    StudyState.RUNNING: [],
    StudyState.READY: ["run", "export"],
}
"""What may be done in which state."""


class CriterionSource(StrEnum):
    """What the outcome is compared with."""

    STAGE_TWO = "stage_two"
    UPLOADED = "uploaded"


class Grouping(StrEnum):
    """By what items are compared: a focal group against a reference group."""

    SEX = "sex"
    AGE = "age"
    INFORMANT = "informant"


def contradiction(plan: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first field of a plan that contradicts another one, and a code.

    None in a sound plan.
    """
    age_from, age_to = plan["age_from"], plan["age_to"]
    # The upper age is exclusive, the last day is inclusive.
    if None not in (age_from, age_to) and age_from >= age_to:
        return "age_to", "wrong_order"
    first, last = plan["administered_from"], plan["administered_to"]
    if None not in (first, last) and first > last:
        return "administered_to", "wrong_order"
    is_stage_two = plan["criterion_source"] == CriterionSource.STAGE_TWO
    if is_stage_two and plan["campaign_id"] is None:
        return "campaign_id", "missing"
    if not is_stage_two and plan["criterion_instrument"] is not None:
        return "criterion_instrument", "not_allowed"
    return None
