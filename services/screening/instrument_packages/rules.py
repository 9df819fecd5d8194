"""Whether a package comes from the publisher that it names."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def canonical_bytes(package: Mapping[str, Any]) -> bytes:
    """The bytes that are signed, in the canonical form of RFC 8785.

    JSON in UTF-8 with sorted names and no spaces; whole numbers without a fraction.
    This equals the RFC's form for all content of packages: no number is beyond 2^53 or
    has an exponent.
    """
    # Python sorts by code points and the RFC by UTF-16 units. They differ beyond the
    # basic plane only, and the names of members are ASCII.
    return json.dumps(
        _plain(package), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def _plain(value: Any) -> Any:
    # Python writes 1.0 where the RFC writes 1.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    return [_plain(member) for member in value] if isinstance(value, list) else value


def digest_of(content: bytes) -> str:
    """The SHA-256 digest of a package, which prevents a second load of the same package."""
    return hashlib.sha256(content).hexdigest()


def is_trusted(
    content: bytes,
    publisher: str | None,
    signature: str | None,
    publishers: Mapping[str, str],
    *,
    in_development: bool,
) -> bool:
    """Whether a publisher in `publishers` signed the content.

    An unsigned package is trusted only in development, and then only if no publishers
    are configured.
    """
    if signature is None:
        return in_development and not publishers
    key = publishers.get(publisher or "")
    return key is not None and _is_signed(content, signature, key)


def _is_signed(content: bytes, signature: str, key: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(
            base64.b64decode(key, validate=True)
        )
        public.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
