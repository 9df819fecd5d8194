"""A signed package, and the settings that trust who signed it."""

import base64
import uuid
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.screening.instrument_packages.rules import canonical_bytes
from services.screening.instrument_packages.schemas import PACKAGE_EXAMPLE
from services.screening.settings import ScreeningSettings
from tests.support.asks import Ask, Asks, Make, Target
from tests.support.matrix import make_institution
from tests.support.records import app_of

KEY = Ed25519PrivateKey.from_private_bytes(b"a publisher's key, in tests only")
PUBLISHERS = {"publisher": base64.b64encode(KEY.public_key().public_bytes_raw()).decode()}


def trust(client: httpx.AsyncClient, publishers: dict[str, str] | None = None, **others: Any) -> None:
    """Let the service trust these publishers, for the rest of the test."""
    settings = app_of(client).state.settings
    kept = {name: getattr(settings, name) for name in type(settings).model_fields} | others
    kept["package_publishers"] = PUBLISHERS if publishers is None else publishers
    app_of(client).state.settings = ScreeningSettings(**kept)


def package(**changes: Any) -> dict[str, Any]:
    """A package of an instrument with a code of its own."""
    code = f"P{uuid.uuid4().hex[:12].upper()}"
    return PACKAGE_EXAMPLE | {"instrument": PACKAGE_EXAMPLE["instrument"] | {"code": code}} | changes


def signed(content: dict[str, Any]) -> dict[str, Any]:
    """The package with its publisher's signature."""
    signature = base64.b64encode(KEY.sign(canonical_bytes(content))).decode()
    return {"package": content, "publisher": "publisher", "signature": signature}


async def prepare(target: Target, make: Make) -> None:
    """A service that trusts the publisher."""
    await make_institution(target, make)
    trust(target.client)


ASKS: Asks = {"load_instrument_package": lambda _: Ask("POST", "/instrument-packages", signed(package()))}
