"""Requests to the chain of a lead coordination centre."""

from tests.casework.cases import asks as cases
from tests.casework.cases.asks import path, related
from tests.casework.consents.asks import BASIS
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.support.asks import Ask, Asks, Made, Make, Target

NEEDS: Made = {"step": "needs", "found_need": True, "summary": "Rodzina potrzebuje logopedy"}


async def prepare(target: Target, make: Make) -> None:
    """A child with a case of a centre."""
    await cases.prepare(target, make)
    other = target["other"]["id"]
    await make("/consents", {**BASIS, "person_id": other})
    async with playing(FakeRegistry(centres=[target.county])):
        target.made["case"] = await make("/cases", {**cases.CASE, "track": "wokro", "person_id": other})
    target.made["person"] = target["other"]


ASKS: Asks = {
    "get_chain": lambda target: Ask(
        "GET", f"{path(target)}/chain-steps", out_of_reach="case-not-found", related=related(target)
    ),
    "record_chain_step": lambda target: Ask(
        "POST", f"{path(target)}/chain-steps", NEEDS, out_of_reach="case-not-found", lacks="state-conflict"
    ),
}
