"""Requests to compare assessments."""

from tests.casework.assessments import asks as assessments
from tests.casework.cases import asks as cases
from tests.support.asks import Ask, Asks

prepare = assessments.prepare
ASKS: Asks = {
    "compare_assessments": lambda target: Ask(
        "GET",
        f"{cases.path(target)}/assessments/comparison",
        out_of_reach="case-not-found",
        related=cases.related(target),
    )
}
