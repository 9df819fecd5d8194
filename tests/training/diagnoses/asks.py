"""Requests to diagnoses."""

from collections.abc import Callable

from tests.support.asks import Ask, Asks, Made, Make, Target
from tests.training.authorities import asks as authorities
from tests.training.authorities.asks import ABSENT, asks_for_work, path
from tests.training.diagnoses.made import content

_SUBMITTED = ("accept_diagnosis", "return_diagnosis")


async def prepare(target: Target, make: Make) -> None:
    """A draft, and a submitted diagnosis for whoever decides; none for whoever begins one."""
    await authorities.prepare(target, make)
    if target.is_for("begin_diagnosis"):
        return
    target.made["diagnosis"] = await make(path(target, "/diagnosis"), content())
    if target.is_for(*_SUBMITTED):
        at = path(target, "/diagnosis/submit")
        target.made["diagnosis"] = await make(at, {}, target["diagnosis"])


def _ask(
    verb: str, body: Made | None = None, method: str = "POST", *, decides: bool = False
) -> Callable[[Target], Ask]:
    def asked(target: Target) -> Ask:
        tag = target["diagnosis"] if "diagnosis" in target.made else None
        leads = {} if decides else {"member": target["authority"]["id"]}
        at = path(target, f"/diagnosis{verb}")
        return Ask(method, at, body, tag, out_of_reach=ABSENT, related=leads)

    return asked


ASKS: Asks = {
    "get_diagnosis": asks_for_work("/diagnosis"),
    "list_diagnoses": asks_for_work("/diagnosis/versions"),
    "get_diagnosis_version": asks_for_work("/diagnosis/versions/1"),
    "begin_diagnosis": _ask("", content()),
    "revise_diagnosis": _ask("", content(), "PUT"),
    "submit_diagnosis": _ask("/submit"),
    "accept_diagnosis": _ask("/accept", decides=True),
    "return_diagnosis": _ask("/return", {"reason": "Braki."}, decides=True),
}
