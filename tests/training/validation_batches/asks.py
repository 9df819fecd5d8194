"""Requests to batches of validations."""

from tests.support.asks import Ask, Asks, Make, Target
from tests.training.validations import asks as validations
from tests.training.validations.made import found


async def prepare(target: Target, make: Make) -> None:
    """A group with a person, and an outcome that is not validated yet."""
    await validations.prepare(target, make)


ASKS: Asks = {
    "record_validations": lambda target: Ask(
        "POST",
        f"/groups/{target['ids']['group']}/validations:batch",
        {"items": [found(target["ids"], "other")]},
        out_of_reach="group-not-found",
        related={"validator": target["ids"]["group"]},
    )
}
