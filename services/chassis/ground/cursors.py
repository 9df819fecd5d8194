"""Cursors of lists: the last row's sort key, signed for list, filter and order."""

import base64
import binascii
import hashlib
import hmac
import json

from pydantic_core import to_json

from services.chassis.ground.problems import FieldError, ValidationFailed


def _mark(payload: bytes, binding: bytes, key: bytes) -> bytes:
    # BLAKE2b takes a key by itself (RFC 7693, 2.5), of at most 64 bytes.
    return hashlib.blake2b(
        binding + payload, key=key[: hashlib.blake2b.MAX_KEY_SIZE], digest_size=16
    ).digest()


def seal_cursor(values: list[str], binding: bytes, key: bytes) -> str:
    payload = to_json(values)
    return (
        base64.urlsafe_b64encode(_mark(payload, binding, key) + payload)
        .decode()
        .rstrip("=")
    )


def open_cursor(cursor: str, binding: bytes, length: int, key: bytes) -> dict[str, str]:
    """The sort key in a cursor, by name; ValidationFailed for any other cursor."""
    try:
        raw = base64.b64decode(
            cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        raw = b""
    mark, payload = raw[:16], raw[16:]
    # Ours have no padding. Compared in constant time: marks cannot be guessed bytewise.
    is_ours = not cursor.endswith("=") and hmac.compare_digest(
        mark, _mark(payload, binding, key)
    )
    values: list[str] = json.loads(payload) if is_ours else []
    if len(values) != length:
        raise ValidationFailed(FieldError("parameter", "cursor", "stale_cursor"))
    return {f"after_{number}": value for number, value in enumerate(values)}
