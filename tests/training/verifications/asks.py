"""Requests of somebody who was shown a certificate."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.certificates import asks as certificates


async def prepare(target: Target, make: Make) -> None:
    """A certificate."""
    await certificates.prepare(target, make)


ASKS: Asks = {
    "verify_certificate": asks_to_read(lambda target: f"/verify/{target['certificate']['code']}"),
    "check_certificate_name": lambda target: Ask(
        "POST", f"/verify/{target['certificate']['code']}", {"name": "Ewa Wymyślona"}
    ),
}
PUBLIC = frozenset(ASKS)
