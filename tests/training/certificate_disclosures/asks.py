"""Requests to what a holder shows of a certificate."""

from tests.support.asks import Ask, Asks, Make, Target
from tests.training.certificates import asks as certificates
from tests.training.certificates.asks import holder_of


def _one(target: Target) -> str:
    return f"/certificates/{target['certificate']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A certificate."""
    await certificates.prepare(target, make)


def _ask(target: Target, method: str, path: str, body: dict[str, bool] | None = None) -> Ask:
    return Ask(
        method,
        f"{_one(target)}/{path}",
        body,
        target["certificate"],
        out_of_reach="certificate-not-found",
        related=holder_of(target),
    )


ASKS: Asks = {
    "choose_certificate_disclosure": lambda target: _ask(
        target, "PUT", "disclosure", {"shows_name": True, "shows_content": False}
    ),
    "make_certificate_link": lambda target: _ask(target, "POST", "link"),
    "withdraw_certificate_link": lambda target: _ask(target, "DELETE", "link"),
}
