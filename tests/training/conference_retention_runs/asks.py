"""Requests to retention runs of conferences."""

from collections.abc import Callable

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.conference_retention_rules import asks as rules

_RUNS = "/conference-retention-runs"


async def prepare(target: Target, make: Make) -> None:
    """A run that somebody else has proposed."""
    await rules.prepare(target, make)
    target.made["run"] = await make(_RUNS, _body(target))


def _body(target: Target) -> dict[str, str]:
    return {"as_of": target["rule"]["valid_from"]}


def _path(target: Target) -> str:
    return f"{_RUNS}/{target['run']['id']}"


def _deciding(verb: str) -> Callable[[Target], Ask]:
    return lambda target: Ask("POST", f"{_path(target)}/{verb}", None, target["run"])


ASKS: Asks = {
    "list_conference_retention_runs": asks_to_read(_RUNS),
    "propose_conference_retention_run": lambda target: Ask("POST", _RUNS, _body(target)),
    "get_conference_retention_run": asks_to_read(_path),
    "carry_out_conference_retention_run": _deciding("carry-out"),
    "decline_conference_retention_run": _deciding("decline"),
}
