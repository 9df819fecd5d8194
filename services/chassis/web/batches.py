"""Batches: many things in one body, each read, judged and answered by itself."""

import json
from typing import Any

from pydantic import ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from services.chassis.ground.correlation import trace_id
from services.chassis.ground.problems import Language, Problem
from services.chassis.ground.refusals import problem_bytes


def _read_or_passed_on(facts: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(facts)
    except ValidationError:
        # As it came: `validated` reads it once more, and says what is wrong.
        return facts


EACH_BY_ITSELF = WrapValidator(_read_or_passed_on)
"""Of a batch's items: what cannot be read is refused alone, and not the whole batch."""


def item_problem(refusal: Problem, index: int, language: Language) -> dict[str, Any]:
    """The refusal of one item: the problem that it would be if it had been sent alone."""
    # Where it stands in the batch, since it has no address of its own.
    instance = f"/items/{index}"
    body = problem_bytes(
        refusal, language=language, trace_id=trace_id(), instance=instance
    )
    problem: dict[str, Any] = json.loads(body)
    return problem
