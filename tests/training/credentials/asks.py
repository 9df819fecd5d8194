"""Requests to credentials, and to what is published for verifiers."""

from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.training.certificates import asks as certificates
from tests.training.certificates.asks import holder_of


async def prepare(target: Target, make: Make) -> None:
    """A certificate, and the name of a key."""
    await certificates.prepare(target, make)
    keys = (await target.client.get("/v1/training/credentials/keys")).json()["keys"]
    target.made["key"] = {"id": keys[0]["kid"].rpartition("/")[2]}


ASKS: Asks = {
    "get_certificate_credential": lambda target: Ask(
        "GET",
        f"/certificates/{target['certificate']['id']}/credential",
        out_of_reach="certificate-not-found",
        related=holder_of(target),
    ),
    "get_credential_issuer": asks_to_read("/credentials/issuer"),
    "get_credential_key_set": asks_to_read("/credentials/keys"),
    "get_credential_key": asks_to_read(lambda target: f"/credentials/keys/{target['key']['id']}"),
    "get_status_list": asks_to_read("/credentials/status-lists/0"),
}
PUBLIC = frozenset({"get_credential_issuer", "get_credential_key_set", "get_credential_key", "get_status_list"})
