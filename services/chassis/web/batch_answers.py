"""The answer to a batch whose items were judged one by one."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from services.chassis.data.database import problem_of
from services.chassis.ground.correlation import trace_id
from services.chassis.ground.problems import Language
from services.chassis.ground.refusals import problem_bytes
from services.chassis.web.answers import Answer
from services.chassis.web.batches import Verdict


def refusal_of_item(error: Exception, index: int, language: Language) -> Any:
    """A refusal as the problem that it would be if it had been sent alone, as JSON."""
    # Its place in the batch, since it has no address of its own.
    instance = f"/items/{index}"
    problem = problem_of(error)
    return json.loads(
        problem_bytes(
            problem, language=language, trace_id=trace_id(), instance=instance
        )
    )


def batch_answer(verdicts: Sequence[Verdict], language: Language) -> Answer:
    """The result of each item, in the order of the request."""
    items = []
    for index, (stored, refusal) in enumerate(verdicts):
        problem = refusal and refusal_of_item(refusal, index, language)
        items.append(
            {
                "index": index,
                "status": "done" if stored else "refused",
                "id": stored.key if stored else None,
                "version": stored.version if stored else None,
                "problem": problem,
            }
        )
    return Answer(to_json({"items": items}))
