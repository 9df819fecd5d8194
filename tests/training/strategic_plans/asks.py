"""Requests to strategic plans."""

from collections.abc import Callable

from tests.support.asks import Ask, Asks, Made, Make, Target
from tests.training.authorities import asks as authorities
from tests.training.authorities.asks import ABSENT, asks_for_work, path
from tests.training.strategic_plans.made import plan

_NOT_YET = {
    "consult_strategic_plan": "strategic-plan-incomplete",
    "adopt_strategic_plan": "state-conflict",
    "start_measure": "state-conflict",
}


async def prepare(target: Target, make: Make) -> None:
    """A draft, except for whoever begins one."""
    await authorities.prepare(target, make)
    if not target.is_for("begin_strategic_plan"):
        target.made["plan"] = await make(path(target, "/strategic-plan"), plan())


def _ask(name: str, verb: str, body: Made | None = None, method: str = "POST") -> Callable[[Target], Ask]:
    def asked(target: Target) -> Ask:
        tag = target["plan"] if "plan" in target.made else None
        leads = {"member": target["authority"]["id"]}
        at, lacks = path(target, f"/strategic-plan{verb}"), _NOT_YET.get(name, "")
        return Ask(method, at, body, tag, out_of_reach=ABSENT, related=leads, lacks=lacks)

    return asked


ASKS: Asks = {
    "get_strategic_plan": asks_for_work("/strategic-plan"),
    "begin_strategic_plan": _ask("begin_strategic_plan", "", plan()),
    "revise_strategic_plan": _ask("revise_strategic_plan", "", plan(), "PUT"),
    "consult_strategic_plan": _ask("consult_strategic_plan", "/consult"),
    "adopt_strategic_plan": _ask(
        "adopt_strategic_plan", "/adopt", {"resolution": "I/1/2025", "adopted_on": "2025-03-01"}
    ),
    "start_measure": _ask("start_measure", "/measures/D1/start", {"started_on": "2025-09-01"}),
}
