"""Requests to the re-scorings."""

from sqlalchemy import text

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.matrix import make_institution
from tests.support.records import EVERYWHERE, app_of

_NORMS = "SELECT id FROM norm_sets WHERE state = 'in_force' LIMIT 1"


async def norms_in_force(target: Target) -> str:
    """The id of the demonstration instrument's norms."""
    async with app_of(target.client).state.database.change(EVERYWHERE) as change:
        return str(await change.scalar(text(_NORMS)))


def new(target: Target) -> Made:
    """A re-scoring of the target's county."""
    counties = {"counties": [target.county], "norm_set_id": target["norms"]["id"]}
    return {"instrument_code": "DEMO", "instrument_version": 1, **counties}


async def prepare(target: Target, make: Make) -> None:
    """A re-scoring that nobody computes yet, and one that could be accepted."""
    await make_institution(target, make)
    target.made["norms"] = {"id": await norms_in_force(target)}
    target.made["rescoring"] = await make("/rescorings", new(target))
    target.made["computed"] = await make("/rescorings", new(target))
    async with app_of(target.client).state.database.change(EVERYWHERE) as change:
        computed = text("UPDATE rescorings SET state = 'computed' WHERE id = CAST(:id AS uuid)")
        await change.execute(computed, {"id": target["computed"]["id"]})


def _path(target: Target, name: str = "rescoring") -> str:
    return f"/rescorings/{target[name]['id']}"


ASKS: Asks = {
    "list_rescorings": asks_to_read("/rescorings"),
    "create_rescoring": lambda target: Ask("POST", "/rescorings", new(target), out_of_reach="outside-scope"),
    "get_rescoring": asks_to_read(_path, "rescoring-not-found"),
    "list_rescoring_decisions": asks_to_read(lambda target: f"{_path(target)}/decisions", "rescoring-not-found"),
    "accept_rescoring": lambda target: Ask(
        "POST", f"{_path(target, 'computed')}/accept", None, target["computed"], out_of_reach="rescoring-not-found"
    ),
    "discard_rescoring": lambda target: Ask(
        "POST", f"{_path(target)}/discard", None, target["rescoring"], out_of_reach="rescoring-not-found"
    ),
}
