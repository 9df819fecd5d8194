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
"""What every verifier of others knows.

Ed25519 has two names by now (RFC 9864), of which each knows one.
"""


class SigningKeys(NamedTuple):
    """The keys of an issuer, in the order in which they came into use."""

    keys: tuple[ECKey, ...]

    def sign(self, payload: dict[str, Any], base: str) -> str:
        """A JSON Web Token.

        Its header names the key by the address below `base` where it is published.
        """
        key = self.keys[-1]
        # The newest key is the last one: an operator adds a line and takes none away.
        # Open Badges 3.0, 8.2.3: `kid` leads to the key, and `typ` is JWT.
        header = {
            "typ": "JWT",
            "alg": ALGORITHM,
            "kid": f"{base}/{key.kid}",
        }
        return jwt.encode(header, payload, key, algorithms=[ALGORITHM])

    def published(self, base: str) -> list[dict[str, Any]]:
        """The public part of every key, with the address that tokens name it by."""
        return [
            {
                # Public members alone, whatever the file has.
                **key.as_dict(private=False),
                "kid": f"{base}/{key.kid}",
                "alg": ALGORITHM,
                "use": "sig",
            }
            for key in self.keys
        ]


def _whole(key: dict[str, Any]) -> dict[str, Any]:
    """A key of the file with its public part, which may be left out."""
    # Whoever draws the key at installation needs no library for it: `d` is a number.
    if key.get("crv") != CURVE or "d" not in key or "x" in key:
        return key
    secret = int.from_bytes(urlsafe_b64decode(key["d"] + "=="), "big")
    point = ec.derive_private_key(secret, ec.SECP256R1()).public_key().public_numbers()
    x, y = (_encoded(number) for number in (point.x, point.y))
    return {**key, "x": x, "y": y}


def _encoded(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")


def _usable(key: object) -> ECKey:
    if not isinstance(key, ECKey) or not key.is_private or key.curve_name != CURVE:
        raise ValueError("a key of CREDENTIAL_KEYS_FILE is no private P-256 key")
    # A key without a name gets its thumbprint (RFC 7638): the same in each process.
    key.ensure_kid()
    return key


# Read once: a new key comes with a restart, as every other setting.
@lru_cache(maxsize=4)
def read_keys(path: Path) -> SigningKeys:
    """The keys of a file.

    ValueError says what is wrong with it, never what it holds.
    """
    try:
        # Read whole: one wrong key in it stops the start, and not the first certificate.
        listed = from_json(path.read_bytes())["keys"]
        found = KeySet.import_key_set({"keys": [_whole(each) for each in listed]})
    # What a parser says of a wrong file may quote it, and it holds private keys.
    except (JoseError, ValueError, TypeError, KeyError):
        raise ValueError("CREDENTIAL_KEYS_FILE holds no JSON Web Key Set") from None
    keys = tuple(_usable(key) for key in found.keys)
    if not keys or len({key.kid for key in keys}) < len(keys):
        raise ValueError("CREDENTIAL_KEYS_FILE has no key, or two of one name")
    return SigningKeys(keys)


def keys_of(settings: TrainingSettings) -> SigningKeys:
    """The keys that are set; CredentialKeysMissing where none are."""
    if settings.credential_keys_file is None:
        raise CredentialKeysMissing()
    return read_keys(settings.credential_keys_file)
