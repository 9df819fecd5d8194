"""Encrypted fields that the database cannot read, found by a keyed digest.

Envelope encryption. The keyring is outside the database and its backups; it wraps one
random key for each person, and that key seals the person's fields by AES-256-GCM.
Deleting the wrapped key erases the fields, in backups as well. The place of a blob is
authenticated: moved to another row or column it does not open.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import from_json, to_json

from services.chassis.ground.problems import Problem, Unavailable

# Distinguishes this form of sealing from a later one.
_VERSION = b"\x01"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class Erased(Problem):
    """What was kept of this person has been erased."""

    status, title_pl = 410, "Dane tej osoby zostały usunięte"
    constraint = "keep_erased"


class SealBroken(Unavailable):
    """A sealed field does not open: it was altered or moved, or its key is not here."""

    title_pl = (
        "Zapieczętowanego pola nie można otworzyć: zmieniono je, przeniesiono"
        " albo brakuje klucza"
    )


class WrappedKey(NamedTuple):
    """A person's key as stored in the database, sealed by a key of the keyring."""

    keyring_id: str
    blob: bytes


class Keyring:
    """Keys outside the database: one that wraps, older ones, and one for digests."""

    def __init__(
        self, current: str, wrapping: Mapping[str, bytes], index: bytes
    ) -> None:
        """`wrapping`: 32-byte keys by id; `current`: which wraps; `index`: digests'."""
        if current not in wrapping:
            raise ValueError("the current key is not in the keyring")
        if any(len(key) != _KEY_BYTES for key in (*wrapping.values(), index)):
            raise ValueError("a key of the keyring does not have 32 bytes")
        # One use for each key: a leaked key must not open what another protects.
        if index in wrapping.values():
            raise ValueError("the index key is one of the wrapping keys")
        self.current = current
        self._wrapping = {name: AESGCM(key) for name, key in wrapping.items()}
        self._index = index

    def wrap(self, key: bytes, owner: object) -> WrappedKey:
        """A person's key, sealed for its `owner` (the person's id)."""
        return self._wrapped(key, owner, self.current)

    def _wrapped(self, key: bytes, owner: object, keyring_id: str) -> WrappedKey:
        # Authenticated: a key that is moved to another person's row does not open.
        place = f"key|{owner}|{keyring_id}"
        return WrappedKey(keyring_id, _sealed(self._wrapping[keyring_id], key, place))

    def unwrap(self, wrapped: WrappedKey, owner: object) -> bytes:
        """The owner's key; SealBroken if altered, another's, or no key unwraps it."""
        cipher = self._wrapping.get(wrapped.keyring_id)
        if cipher is None:
            raise SealBroken()
        return _opened(cipher, wrapped.blob, f"key|{owner}|{wrapped.keyring_id}")

    def digest(self, purpose: str, value: str) -> bytes:
        """A keyed digest (HMAC-SHA-256) to find equals; `purpose` keeps kinds apart."""
        # Keyed: plain digests of all numbers of a kind could be computed in minutes.
        message = f"{purpose}:v1:{value}".encode()
        return hmac.new(self._index, message, hashlib.sha256).digest()


def seal_by_name(ring: Keyring, content: bytes, place: str) -> bytes:
    """Short content sealed by the keyring itself, for one place."""
    name, blob = ring.wrap(content, place)
    # The id of the sealing key stands in front: rotating finds old ones by it.
    return name.encode() + b"\n" + blob


def unseal_by_name(ring: Keyring, sealed: bytes, place: str) -> bytes:
    """The content sealed for that place; raises SealBroken as `unseal` does."""
    name, _, blob = sealed.partition(b"\n")
    return ring.unwrap(WrappedKey(name.decode(errors="replace"), blob), place)


class SealedBy:
    """Seals answers that hold a secret and are kept for repeats of their request."""

    def __init__(self, ring: Keyring) -> None:
        self._ring = ring

    def seal(self, body: bytes, place: str) -> bytes:
        """The body sealed for its place."""
        return seal_by_name(self._ring, body, place)

    def unseal(self, body: bytes, place: str) -> bytes:
        """The body that was sealed for that place."""
        return unseal_by_name(self._ring, body, place)


def new_key() -> bytes:
    """A random key for one person."""
    return secrets.token_bytes(_KEY_BYTES)


def seal(key: bytes, place: str, values: Mapping[str, Any]) -> bytes:
    """The values as JSON, sealed for one place (`table|row id`)."""
    return _sealed(AESGCM(key), to_json(values), place)


def unseal(key: bytes, place: str, blob: bytes) -> dict[str, Any]:
    """The values sealed for that place; SealBroken if altered, moved or another's."""
    return unsealer(key)(place, blob)


def unsealer(key: bytes) -> Callable[[str, bytes], dict[str, Any]]:
    """`unseal` for many fields under one key."""
    # Setting up a key costs twice as much as opening a short field with it.
    cipher = AESGCM(key)

    def unsealed(place: str, blob: bytes) -> dict[str, Any]:
        values: dict[str, Any] = from_json(_opened(cipher, blob, place))
        return values

    return unsealed


def seal_bytes(key: bytes, place: str, content: bytes) -> bytes:
    """Content that is not JSON (an attachment), sealed for one place."""
    return _sealed(AESGCM(key), content, place)


def unseal_bytes(key: bytes, place: str, blob: bytes) -> bytes:
    """The content sealed for that place; raises SealBroken as `unseal` does."""
    return _opened(AESGCM(key), blob, place)


def _sealed(cipher: AESGCM, content: bytes, place: str) -> bytes:
    # Random nonces of 96 bits: a key seals a person's few thousand fields, far below
    # the 2^32 of NIST SP 800-38D.
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + cipher.encrypt(nonce, content, place.encode())


def _opened(cipher: AESGCM, blob: bytes, place: str) -> bytes:
    nonce, sealed = blob[1 : 1 + _NONCE_BYTES], blob[1 + _NONCE_BYTES :]
    # Refused as a broken seal: bytes in another form must not reach the cipher.
    if blob[:1] != _VERSION:
        raise SealBroken()
    try:
        return cipher.decrypt(nonce, sealed, place.encode())
    except (InvalidTag, ValueError):
        raise SealBroken() from None


def keyring_of(text: str) -> Keyring:
    """The keyring in lines `wrap ID BASE64`, the last one current, and `index BASE64`.

    ValueError with the number of the wrong line, without its content.
    """
    wrapping: dict[str, bytes] = {}
    current, index = "", b""
    for number, line in enumerate(text.splitlines(), 1):
        match line.split():
            case ["wrap", name, key]:
                wrapping[name], current = _key_in(key, number), name
            case ["index", key]:
                index = _key_in(key, number)
            case []:
                continue
            case _:
                raise ValueError(
                    f"line {number} of the keyring is neither a key nor empty"
                )
    return Keyring(current, wrapping, index)


def _key_in(text: str, number: int) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError(f"line {number} of the keyring holds no base64") from None


def drawn_keyring(name: str = "1") -> str:
    """The text of a new keyring."""
    wrapping, index = (base64.b64encode(new_key()).decode() for _ in range(2))
    return f"wrap {name} {wrapping}\nindex {index}\n"


def read_keyring(path: Path) -> Keyring:
    """The keyring of a file; OSError or ValueError when it is missing or incomplete."""
    return keyring_of(path.read_text(encoding="ascii"))
