"""Priorities and measures of a plan. Pure."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from services.chassis.ground.scalars import Code, Count, Date, Money, Name, Note, Wire


class MoneySource(StrEnum):
    """Sources of money."""

    OWN = "own"
    EU = "eu"
    STATE = "state"
    OTHER = "other"


class PlanNeed(StrEnum):
    """What a plan lacks."""

    PRIORITIES = "priorities"
    MANAGEMENT = "management"
    MEASURES = "measures"
    MEASURES_OF_EVERY_PRIORITY = "measures_of_every_priority"
    BUDGET = "budget"
    CONSULTATION = "consultation"
    ACCEPTED_DIAGNOSIS = "accepted_diagnosis"
    ANSWERS_TO_RECOMMENDATIONS = "answers_to_recommendations"


class Priority(Wire):
    """A priority of an authority."""

    code: Code
    title: Name


class BudgetLine(Wire):
    """The cost of a measure in a year from one source, in PLN."""

    year: Annotated[Count, Field(ge=2000, le=2100)]
    source: MoneySource
    # 0 is allowed: it differs from a forgotten year.
    amount: Annotated[Money, Field(ge=Decimal(0))]


class PlanMeasure(Wire):
    """A measure: its priority, schedule, responsible unit and budget."""

    code: Code
    priority: Code
    title: Name
    # At least one: every measure answers a recommendation.
    answers: Annotated[tuple[Code, ...], Field(min_length=1, max_length=100)] = Field(
        description="codes of the recommendations that it answers"
    )
    starts_on: Date
    ends_on: Date
    # A unit and no person, since staff change.
    unit: Name = Field(description="the department or school that carries it out")
    budget: Annotated[tuple[BudgetLine, ...], Field(max_length=100)] = ()


class PlanContent(Wire):
    """A plan. A draft may lack any part."""

    priorities: Annotated[tuple[Priority, ...], Field(max_length=50)] = ()
    management: Note | None = Field(
        default=None, description="how the plan is managed: methods and tools"
    )
    measures: Annotated[tuple[PlanMeasure, ...], Field(max_length=200)] = ()


def missing_parts(content: PlanContent) -> list[PlanNeed]:
    """The parts that a plan lacks to be consulted; empty when complete."""
    priorities = {each.code for each in content.priorities}
    priorities_with_measures = {each.priority for each in content.measures}
    # Some money in the plan: single measures may have no costs.
    has_budget = any(line.amount for each in content.measures for line in each.budget)
    needs = {
        PlanNeed.PRIORITIES: not priorities,
        PlanNeed.MANAGEMENT: content.management is None,
        PlanNeed.MEASURES: not content.measures,
        PlanNeed.MEASURES_OF_EVERY_PRIORITY: not priorities <= priorities_with_measures,
        PlanNeed.BUDGET: not has_budget,
    }
    return [need for need, is_lacking in needs.items() if is_lacking]


def unanswered(content: PlanContent, recommendations: Collection[str]) -> list[str]:
    """The recommendations that no measure answers, in their order."""
    answered_codes = {code for each in content.measures for code in each.answers}
    return [code for code in recommendations if code not in answered_codes]


def content_errors(content: PlanContent) -> list[tuple[str, str]]:
    """The inconsistencies of a plan: pointers with their codes."""
    return [*_repetitions(content), *_measure_errors(content)]


def _repetitions(content: PlanContent) -> Iterator[tuple[str, str]]:
    for name in ("priorities", "measures"):
        codes = [each.code for each in getattr(content, name)]
        if len({*codes}) < len(codes):
            yield name, "repeated"


def _measure_errors(content: PlanContent) -> Iterator[tuple[str, str]]:
    priorities = {each.code for each in content.priorities}
    for number, measure in enumerate(content.measures):
        at = f"measures/{number}"
        if measure.priority not in priorities:
            yield f"{at}/priority", "not_found"
        if measure.ends_on < measure.starts_on:
            yield f"{at}/ends_on", "wrong_order"
        # Two lines of one year and source are probably a mistake.
        lines = [(line.year, line.source) for line in measure.budget]
        if len({*lines}) < len(lines):
            yield f"{at}/budget", "repeated"
        # Money may only be planned for years of the measure.
        years = range(measure.starts_on.year, measure.ends_on.year + 1)
        if any(year not in years for year, _ in lines):
            yield f"{at}/budget", "outside_dates"
