"""Access tokens of the development issuer: its signing keys, and tokens like those
of a real provider.
"""

import json
import os
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ALGORITHM = "ES256"
LIFETIME_SECONDS = 15 * 60
KEYS_KEPT = 2  # the key that signs, and the one before it, until its last token has expired


def generate_key() -> ECKey:
    """A new signing key; its `kid` is its RFC 7638 thumbprint."""
    return ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, private=True, auto_kid=True)


def read_keys(path: Path) -> list[ECKey]:
    """The keys of that file, the signing one first; makes the file (mode 600) with a
    new key where there is none.
    """
    if not path.exists():
        _write_keys(path, [generate_key()])
    return [ECKey.import_key(key) for key in json.loads(path.read_text())["keys"]]


def rotate_key(path: Path) -> None:
    """Let a new key sign from now on; the last one stays published, so that tokens that were
    issued before stay valid.
    """
    _write_keys(path, [generate_key(), *read_keys(path)][:KEYS_KEPT])


def _write_keys(path: Path, keys: Sequence[ECKey]) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"keys": [key.as_dict(private=True) for key in keys]}, file)
    fresh.replace(path)


def published_keys(keys: Sequence[ECKey]) -> dict[str, object]:
    """The public halves, as served under `jwks_uri`."""
    return dict(KeySet(list(keys)).as_dict(private=False))


def mint(
    key: ECKey,
    *,
    issuer: str,
    subject: str,
    roles: Sequence[str] = (),
    counties: Sequence[str] = (),
    institution_id: str | None = None,
    scopes: Sequence[str] = (),
    audience: str = "splot",
    lifetime: int = LIFETIME_SECONDS,
    issued_at: int | None = None,
) -> str:
    """A signed access token (RFC 9068), valid for `lifetime` seconds from `issued_at` (seconds
    since 1970) or now.

    A caller with a role is a person, who logged in when the token was issued (`auth_time`). A token
    of a service account has no `auth_time`.
    """
    since = int(time.time()) if issued_at is None else issued_at
    claims: dict[str, object] = {
        "iss": issuer,
        "aud": audience,
        "sub": subject,
        "iat": since,
        "exp": since + lifetime,
        "jti": str(uuid.uuid4()),
        "roles": list(roles),
        "counties": list(counties),
    }
    if institution_id is not None:
        claims["institution_id"] = institution_id
    if roles:
        claims["auth_time"] = since
    if scopes:
        claims["scope"] = " ".join(scopes)
    return jwt.encode({"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}, claims, key, algorithms=[ALGORITHM])
