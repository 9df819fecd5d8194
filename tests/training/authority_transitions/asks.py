"""Requests to the steps of authorities."""

from collections.abc import Callable

from tests.support.asks import Ask, Asks, Made, Target
from tests.training.authorities import asks as authorities
from tests.training.authorities.asks import path

prepare = authorities.prepare
_TASK = {"task_starts_on": "2025-07-01", "task_ends_on": "2026-12-31"}


def _ask(verb: str, lacks: str = "state-conflict", body: Made | None = None) -> Callable[[Target], Ask]:
    return lambda target: Ask(
        "POST", path(target, f"/{verb}"), body, target["authority"], out_of_reach="outside-scope", lacks=lacks
    )


ASKS: Asks = {
    "confirm_training": _ask("confirm-training", "authority-not-ready"),
    "confirm_diagnosis": _ask("confirm-diagnosis"),
    "confirm_plan": _ask("confirm-plan"),
    "confirm_implementation": _ask("confirm-implementation", body=_TASK),
    "confirm_monitoring": _ask("confirm-monitoring"),
    "confirm_post_project_monitoring": _ask("confirm-post-project-monitoring"),
    "withdraw_authority": _ask("withdraw", "", {"reason": "Uchwała."}),
}
