"""Requests to check-ins."""

from collections.abc import Callable

from services.training.check_ins.schemas import CHECK_IN_EXAMPLE
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.training.authorities import asks as authorities
from tests.training.authorities.asks import ABSENT, asks_for_work, path, related
from tests.training.check_ins.made import report, set_windows

_DECIDED = ("accept_check_in", "return_check_in")


async def prepare(target: Target, make: Make) -> None:
    """The first monthly check-in; submitted for whoever decides."""
    await authorities.prepare(target, make)
    await set_windows(target.client)
    target.made["check_in"] = await make(path(target, "/check-ins"), report())
    if target.is_for(*_DECIDED):
        target.made["check_in"] = await make(_one(target, "/submit"), {}, target["check_in"])


def _one(target: Target, verb: str = "") -> str:
    return path(target, f"/check-ins/{target['check_in']['id']}{verb}")


def _ask(
    verb: str, body: Made | None = None, method: str = "POST", *, decides: bool = False
) -> Callable[[Target], Ask]:
    def asked(target: Target) -> Ask:
        leads = {} if decides else {"member": target["authority"]["id"]}
        return Ask(method, _one(target, verb), body, target["check_in"], out_of_reach=ABSENT, related=leads)

    return asked


ASKS: Asks = {
    "list_check_ins": asks_to_read("/check-ins"),
    "get_check_in_schedule": asks_for_work("/check-ins"),
    "begin_check_in": lambda target: Ask(
        "POST",
        path(target, "/check-ins"),
        report(2),
        out_of_reach=ABSENT,
        related={"member": target["authority"]["id"]},
    ),
    "get_check_in": lambda target: Ask("GET", _one(target), out_of_reach="check-in-not-found", related=related(target)),
    "revise_check_in": _ask("", CHECK_IN_EXAMPLE, "PUT"),
    "submit_check_in": _ask("/submit"),
    "accept_check_in": _ask("/accept", decides=True),
    "return_check_in": _ask("/return", {"reason": "Braki."}, decides=True),
}
