"""Requests to what a group lacks for certificates."""

from tests.support.asks import Asks, Make, Target, asks_to_read
from tests.training.certificates.made import earned


async def prepare(target: Target, make: Make) -> None:
    """A group with somebody who is trained."""
    target.made["institution"] = {"id": "01990000-0000-7000-8000-000000000001"}
    target.made["ids"] = await earned(target.client, target.county)


ASKS: Asks = {
    "get_certificate_readiness": asks_to_read(
        lambda target: f"/groups/{target['ids']['group']}/certificate-readiness", "group-not-found"
    ),
}
