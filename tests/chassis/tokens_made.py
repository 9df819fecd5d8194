"""Tokens as tests make them, signed and forged, and an issuer whose keys they are checked by."""

import base64
import json
import time
from typing import Any

import httpx
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from services.chassis.trust.issuers import TokenVerifier
from tests.support.callers import AUDIENCE, ISSUER, KEY, KEYS, claims, token

RSA = RSAKey.generate_key(2048, {"use": "sig", "kid": "rsa"}, private=True)
ED = OKPKey.generate_key("Ed25519", {"use": "sig", "kid": "ed"}, private=True)
STRANGER = ECKey.generate_key("P-256", {"kid": str(KEY.kid)}, private=True)
TRUSTED = {"keys": [*KEYS["keys"], RSA.as_dict(private=False), ED.as_dict(private=False)]}


class Issuer:
    """An issuer that counts how often it is asked, and can fall silent."""

    def __init__(self, keys: Any = TRUSTED) -> None:
        self.keys, self.asked, self.down = keys, 0, False

    async def __call__(self) -> dict[str, Any]:
        self.asked += 1
        if self.down:
            raise httpx.ConnectError("down")
        found: dict[str, Any] = self.keys
        return found


def verifier(issuer: Issuer | None = None) -> TokenVerifier:
    return TokenVerifier(ISSUER, AUDIENCE, issuer or Issuer())


def part(value: Any) -> str:
    """A value as a part of a compact token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(key: Any, alg: str) -> str:
    """A good token of another of the issuer's keys."""
    return jwt.encode({"alg": alg, "typ": "at+jwt", "kid": key.kid}, claims("operator"), key, algorithms=[alg])


def changed(**others: Any) -> str:
    """A well-signed token with other claims; None takes a claim away."""
    payload = claims("operator") | others
    return token({name: value for name, value in payload.items() if value is not None})


def foreign_header() -> str:
    """A good token with a header parameter that nobody here knows, and nobody calls critical."""
    header, registry = HEADER | {"nonce": "x"}, jws.JWSRegistry(strict_check_header=False)
    return jwt.encode(header, claims("operator"), KEY, registry=registry)


def now() -> int:
    return int(time.time())


HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": KEY.kid}
