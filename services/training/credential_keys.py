"""The keys that sign certificates: a file with a JSON Web Key Set, whose last key signs."""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey
from pydantic_core import from_json

from services.training.problems import CredentialKeysMissing
from services.training.settings import TrainingSettings

ALGORITHMS = {"Ed25519": "EdDSA", "P-256": "ES256"}
"""The algorithm of a key, by its curve."""
Key = OKPKey | ECKey


class SigningKeys(NamedTuple):
    """The keys of an issuer, in the order in which they came into use."""

    keys: tuple[Key, ...]

    def sign(self, payload: dict[str, Any], base: str) -> str:
        """A JSON Web Token; its header names the key by the address below `base` where it is published."""
        key = self.keys[-1]
        # Open Badges 3.0, 8.2.3: `kid` leads to the key, and `typ` is JWT.
        header = {
            "typ": "JWT",
            "alg": ALGORITHMS[_curve(key)],
            "kid": f"{base}/{key.kid}",
        }
        return jwt.encode(header, payload, key, algorithms=[*ALGORITHMS.values()])

    def published(self, base: str) -> list[dict[str, Any]]:
        """The public part of every key, each with the address that tokens name it by."""
        return [
            {
                **key.as_dict(private=False),
                "kid": f"{base}/{key.kid}",
                "alg": ALGORITHMS[_curve(key)],
                "use": "sig",
            }
            for key in self.keys
        ]


def _curve(key: Key) -> str:
    return str(key.as_dict(private=False)["crv"])


def _usable(key: object) -> Key:
    if not isinstance(key, OKPKey | ECKey) or not key.is_private:
        raise ValueError("a key of CREDENTIAL_KEYS_FILE is no private EC or OKP key")
    if _curve(key) not in ALGORITHMS:
        raise ValueError(
            "a key of CREDENTIAL_KEYS_FILE has none of the curves Ed25519, P-256"
        )
    key.ensure_kid()
    return key


@lru_cache(maxsize=4)
def read_keys(path: Path) -> SigningKeys:
    """The keys of a file; ValueError says what is wrong with it, never what it holds."""
    try:
        found = KeySet.import_key_set(from_json(path.read_bytes()))
    except (ValueError, TypeError, KeyError):
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
