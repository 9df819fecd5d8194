"""Published instruments, scored."""

from typing import Any

from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.scoring import Result, score
from tests.screening.instruments import published

CFM_GENERIC = {"less": 2.0, "the_same": 3.0, "more": 4.0, "a_lot_more": 5.0}


def scored(document: dict[str, Any], answers: dict[str, Any], age: int = 120) -> Result:
    plan = published.plan_of(document)
    return score(plan, "F", answers, Child(age, "female", "parent"), None)
