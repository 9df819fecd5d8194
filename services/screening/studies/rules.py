"""The states of a study, the verbs allowed in each, and contradictions in its plan."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

LEAST_SAMPLE = 10
"""The number of children that every study needs, whatever its own minimum."""


class StudyState(StrEnum):
    """The state of a study."""

    DRAFT = "draft"
    RUNNING = "running"
    READY = "ready"


VERBS: Mapping[StudyState, list[str]] = {
    StudyState.DRAFT: ["amend", "run"],
    # A change during a run would show one plan beside the results of another.
    StudyState.RUNNING: [],
    StudyState.READY: ["run", "export"],
}
"""The verbs that are allowed in each state."""


class CriterionSource(StrEnum):
    """The criterion that the outcome is compared with."""

    STAGE_TWO = "stage_two"
    UPLOADED = "uploaded"


class Grouping(StrEnum):
    """The grouping by which items are compared: a focal group against a reference group."""

    SEX = "sex"
    AGE = "age"
    INFORMANT = "informant"


def contradiction(plan: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first field of a plan that contradicts another field, and a code.

    None for a plan without contradictions.
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
