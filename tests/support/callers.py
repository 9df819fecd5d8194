"""Named callers of the tests, with tokens signed by the tests' own issuer."""

import math
import os
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from onebox.tokens import read_keys
from services.chassis.trust.issuers import TokenVerifier
from services.chassis.trust.tokens import LONGEST_LIFETIME, Claims, TokenRefused, claims_of

# Of a platform elsewhere, that one's development issuer (tests/journeys/elsewhere.py).
ISSUER = os.environ.get("SPLOT_ISSUER", "http://issuer.test")
AUDIENCE = "splot"
_KEYS = os.environ.get("SPLOT_ISSUER_KEY")
KEY = (
    read_keys(Path(_KEYS))[0]
    if _KEYS
    else ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, private=True, auto_kid=True)
)
KEYS: dict[str, Any] = {"keys": [KEY.as_dict(private=False)]}

SECONDS_IN_USE = 300
"""A token is used for a third of the time for which it is valid."""
_signed: dict[str, str] = {}

OWN_COUNTY, OTHER_COUNTY = "2469", "2401"
# A platform elsewhere has two that it knows.
_INSTITUTIONS = "01990000-0000-7000-8000-000000000001 01990000-0000-7000-8000-000000000002"
OWN_INSTITUTION, OTHER_INSTITUTION = os.environ.get("SPLOT_INSTITUTIONS", _INSTITUTIONS).split()

ROLES = (
    "county_coordinator",
    "institution_coordinator",
    "early_screening_coordinator",
    "pupil_screening_coordinator",
    "screener",
    "specialist",
    "service_provider",
    "registry_editor",
    "training_manager",
    "trainer",
    "trainee",
    "adviser",
    "authority_member",
    "programme_manager",
    "researcher",
    "guardian",
    "auditor",
    "operator",
)
SCOPES = (
    "registry:read",
    "registry:reserve",
    "registry:write",
    "events:read",
    "screening:read",
    "screening:submit",
    "screening:write",
    "casework:read",
    "casework:write",
    "training:read",
    "training:write",
)


def claims(
    role: str | None = None,
    *,
    subject: str | None = None,
    counties: Sequence[str] = (OWN_COUNTY,),
    institution: str | None = OWN_INSTITUTION,
    scope: str | None = None,
) -> dict[str, Any]:
    """The claims of a token as a real provider would issue it."""
    now = int(time.time())
    found: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject or role or f"service:{scope}",
        "iat": now,
        "exp": now + int(LONGEST_LIFETIME),
        "jti": str(uuid.uuid4()),
        "roles": [role] if role else [],
        "counties": list(counties),
    }
    if institution:
        found["institution_id"] = institution
    return found | ({"scope": scope} if scope else {})


def token(payload: dict[str, Any], *, key: Any = KEY, **header: Any) -> str:
    """These claims, signed."""
    return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": KEY.kid, **header}, payload, key)


def call_as(role: str | None = None, **others: Any) -> dict[str, str]:
    """The headers of a caller: `call_as("trainer")`, `call_as("registry_editor", counties=["2401"])`."""
    # To sign a token and to verify it costs as much as most requests: the same caller brings the same one.
    key = repr((role, sorted(others.items()), int(time.time()) // SECONDS_IN_USE))
    if key not in _signed:
        _signed[key] = token(claims(role, **others))
    return {"authorization": f"Bearer {_signed[key]}"}


async def _keys() -> dict[str, Any]:
    return KEYS


class PatientVerifier(TokenVerifier):
    """Trusts the tests' own tokens to the end of the run, however long that takes; refuses all others as ever.

    Callers are named when tests are collected. That a token expires is tested of the verifier that knows the time.
    """

    def __init__(self) -> None:
        super().__init__(ISSUER, AUDIENCE, _keys)
        self._trusted: dict[bytes, Claims] = {}

    def remembered(self, token: bytes) -> Claims | None:
        """The claims of a token that was verified before."""
        return self._trusted.get(token)

    async def verify(self, token: str, trace_id: str = "") -> Claims:
        """The claims of a token as on the day it was issued."""
        raw = token.encode("latin-1", "replace")
        if raw not in self._trusted:
            self._trusted[raw] = await self._issued(token) or await super().verify(token, trace_id)
        return self._trusted[raw]

    async def _issued(self, token: str) -> Claims | None:
        with suppress(TokenRefused):
            payload = await self._payload(token)
            issued = payload.get("iat")
            if isinstance(issued, int) and issued <= time.time():
                claims = claims_of(payload, issuer=self.issuer, audience=self.audience, now=issued)
                return replace(claims, expires_at=math.inf)
        return None
