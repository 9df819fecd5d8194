"""The costs of a plan. Pure."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import BaseModel, Field, PlainSerializer

from services.training.strategic_plans.rules.content import MoneySource, PlanContent

_PLACES = Decimal("0.01")
Amount = Annotated[
    Decimal, PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str)
]
"""Computed PLN with two places, as a text in JSON."""


class PlanSums(BaseModel):
    """Sums of a plan's budget in PLN, computed from its measures."""

    total: Amount
    by_year: dict[str, Amount]
    by_source: dict[MoneySource, Amount]
    by_priority: dict[str, Amount]
    source_percent: dict[MoneySource, Decimal] = Field(
        description="shares of the total, to two places"
    )


def sums_of(content: PlanContent) -> PlanSums:
    """The sums of a plan; without money there are no shares."""
    by_year: dict[str, Decimal] = defaultdict(Decimal)
    by_source: dict[MoneySource, Decimal] = defaultdict(Decimal)
    # Also priorities without costs, so that the table has all of them.
    by_priority = {each.code: Decimal() for each in content.priorities}
    for measure in content.measures:
        for line in measure.budget:
            by_year[str(line.year)] += line.amount
            by_source[line.source] += line.amount
            by_priority[measure.priority] += line.amount
    total = sum(by_source.values(), Decimal())
    shares = {
        source: (100 * amount / total).quantize(_PLACES, ROUND_HALF_UP)
        for source, amount in by_source.items()
        # Without money, shares are not defined.
        if total
    }
    return PlanSums(
        total=total,
        by_year=dict(sorted(by_year.items())),
        by_source=by_source,
        by_priority=by_priority,
        source_percent=shares,
    )
