"""The keys that sign certificates.

A file with a JSON Web Key Set, whose last key signs.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from pydantic_core import from_json

from services.training.problems import CredentialKeysMissing
from services.training.settings import TrainingSettings

ALGORITHM, CURVE = "ES256", "P-256"
"""The algorithm that the verifiers of others support.

Ed25519 has two names since RFC 9864, and each verifier supports only one.
"""


class SigningKeys(NamedTuple):
    """The keys of an issuer, the oldest first."""

    keys: tuple[ECKey, ...]

    def sign(self, payload: dict[str, Any], base: str) -> str:
        """A signed JSON Web Token.

        Its `kid` is the address below `base` where the public key is published.
        """
        key = self.keys[-1]
        # The last key is the newest: operators append keys and remove none.
        # Open Badges 3.0, 8.2.3: `kid` leads to the key, and `typ` is JWT.
        header = {
            "typ": "JWT",
            "alg": ALGORITHM,
            "kid": f"{base}/{key.kid}",
        }
        return jwt.encode(header, payload, key, algorithms=[ALGORITHM])

    def published(self, base: str) -> list[dict[str, Any]]:
        """The public part of every key, with its address as `kid`."""
        return [
            {
                # Only public members: the file holds private ones, too.
                **key.as_dict(private=False),
                "kid": f"{base}/{key.kid}",
                "alg": ALGORITHM,
                "use": "sig",
            }
            for key in self.keys
        ]


def _with_public_part(key: dict[str, Any]) -> dict[str, Any]:
    """A key of the file, with its public part added where it is missing."""
    # An installation script can make a key without a library, since `d` is a number.
    if key.get("crv") != CURVE or "d" not in key or "x" in key:
        return key
    secret = int.from_bytes(urlsafe_b64decode(key["d"] + "=="), "big")
    point = ec.derive_private_key(secret, ec.SECP256R1()).public_key().public_numbers()
    x, y = (_encoded(number) for number in (point.x, point.y))
    return {**key, "x": x, "y": y}


def _encoded(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")


def _require_usable(key: object) -> ECKey:
    if not isinstance(key, ECKey) or not key.is_private or key.curve_name != CURVE:
        raise ValueError("a key of CREDENTIAL_KEYS_FILE is no private P-256 key")
    # A key without `kid` gets its thumbprint (RFC 7638), the same in each process.
    key.ensure_kid()
    return key


# Cached: a new key needs a restart, as every other setting does.
@lru_cache(maxsize=4)
def read_keys(path: Path) -> SigningKeys:
    """The keys of a file.

    ValueError says what is wrong with the file, and never quotes it.
    """
    try:
        # All keys are checked, so that a wrong one stops the start of the service.
        file_keys = from_json(path.read_bytes())["keys"]
        key_set = KeySet.import_key_set(
            {"keys": [_with_public_part(each) for each in file_keys]}
        )
    # `from None`: a parser's message could quote the file, which holds private keys.
    except (JoseError, ValueError, TypeError, KeyError):
        raise ValueError("CREDENTIAL_KEYS_FILE holds no JSON Web Key Set") from None
    keys = tuple(_require_usable(key) for key in key_set.keys)
    if not keys or len({key.kid for key in keys}) < len(keys):
        raise ValueError("CREDENTIAL_KEYS_FILE has no key, or two of one name")
    return SigningKeys(keys)


def keys_of(settings: TrainingSettings) -> SigningKeys:
    """The configured keys; CredentialKeysMissing where there are none."""
    if settings.credential_keys_file is None:
        raise CredentialKeysMissing()
    return read_keys(settings.credential_keys_file)
