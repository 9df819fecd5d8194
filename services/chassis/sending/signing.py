"""Secrets of webhooks, sealed in the database, and the headers that they sign."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from standardwebhooks import Webhook

from services.chassis.ground.problems import Unavailable
from services.chassis.trust.vault import (
    Keyring,
    read_keyring,
    seal_by_name,
    unseal_by_name,
)

_SECRET_BYTES = 32


class WebhooksNotSetUp(Unavailable):
    """This service has no keyring for the secrets of webhooks."""

    title_pl = "Ta usługa nie ma pęku kluczy do sekretów webhooków"


@lru_cache(maxsize=8)
def _keyring_in(path: Path) -> Keyring:
    return read_keyring(path)


def keyring_of(path: Path | None) -> Keyring:
    """The keyring of that file, read once; WebhooksNotSetUp without one."""
    if path is None:
        raise WebhooksNotSetUp()
    return _keyring_in(path)


def new_secret() -> bytes:
    """A random secret."""
    return secrets.token_bytes(_SECRET_BYTES)


def secret_text(secret: bytes) -> str:
    """A secret in the form that receivers' libraries take."""
    return f"whsec_{base64.b64encode(secret).decode()}"


def seal_secret(ring: Keyring, webhook_id: UUID, secret: bytes) -> bytes:
    """The secret as stored in the database: in another row it cannot be opened."""
    return seal_by_name(ring, secret, f"webhook|{webhook_id}")


def unseal_secret(ring: Keyring, webhook_id: UUID, sealed: bytes) -> bytes:
    """A secret that was sealed for this webhook."""
    return unseal_by_name(ring, sealed, f"webhook|{webhook_id}")


def signed_headers(
    keys: Sequence[bytes], message_id: UUID, now: datetime, body: str
) -> dict[str, str]:
    """The headers of Standard Webhooks, with a signature by each key that is valid.

    `now` is in UTC: the library reads the wall clock of any instant as UTC.
    """
    signatures = [Webhook(key).sign(str(message_id), now, body) for key in keys]
    return {
        "webhook-id": str(message_id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
        "content-type": "application/cloudevents+json; charset=utf-8",
        "user-agent": "splot-webhooks/1",
        # No answer is unpacked.
        "accept-encoding": "identity",
    }
