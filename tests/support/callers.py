"""Named callers of the tests, with tokens signed by the tests' own issuer."""

import time
import uuid
from collections.abc import Sequence
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from services.chassis.trust.tokens import LONGEST_LIFETIME

ISSUER = "http://issuer.test"
AUDIENCE = "splot"
KEY = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, private=True, auto_kid=True)
KEYS: dict[str, Any] = {"keys": [KEY.as_dict(private=False)]}

OWN_COUNTY, OTHER_COUNTY = "2469", "2401"
OWN_INSTITUTION = "01990000-0000-7000-8000-000000000001"
OTHER_INSTITUTION = "01990000-0000-7000-8000-000000000002"

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
    return {"authorization": f"Bearer {token(claims(role, **others))}"}
