"""Requests to the document of a certificate."""

from tests.support.asks import Ask, Asks, Make, Target
from tests.training.certificates import asks as certificates
from tests.training.certificates.asks import holder_of


async def prepare(target: Target, make: Make) -> None:
    """A certificate."""
    await certificates.prepare(target, make)


ASKS: Asks = {
    "get_certificate_document": lambda target: Ask(
        "GET",
        f"/certificates/{target['certificate']['id']}/document",
        out_of_reach="certificate-not-found",
        related=holder_of(target),
    ),
}
