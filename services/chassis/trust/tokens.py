"""Access tokens: which ones may be trusted, and the claims of a verified one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.chassis.ground.bodies import parse_json_object
from services.chassis.ground.problems import Problem

# Asymmetric ones alone: with a shared secret every verifier could sign, too.
ALGORITHMS = ["ES256", "RS256", "EdDSA", "Ed25519"]
# A withdrawn right is valid no longer than a token.
LONGEST_LIFETIME = 15 * 60
LEEWAY = 30
# Neither identity nor refresh tokens have this type (RFC 9068, 2.1).
_TYPES = {"at+jwt", "application/at+jwt"}
# Keys and ways of parsing that a token would choose by itself.
_UNTRUSTED_HEADERS = {"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc"}
_COUNTY = re.compile(r"[0-9]{4}|\*", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
# Unknown headers are ignored (RFC 7515, 4); dangerous ones are refused by name.
_HEADERS = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)


@dataclass(frozen=True)
class Claims:
    """The claims of a verified token."""

    subject: str
    roles: tuple[str, ...]
    counties: frozenset[str]
    institution_id: UUID | None
    scopes: frozenset[str]
    expires_at: float
    is_for_a_person: bool = False
    """Whether it was issued to a person who logged in; not every token shows it."""
    authenticated_at: float | None = None
    """When that person last logged in (`auth_time`, RFC 9068, 2.2.1), if known."""


class TokenRefused(Exception):
    """The check that a token failed, in words for the log, without values."""

    def __init__(
        self, check: str, *, reason: str = "token-invalid", **words: str
    ) -> None:
        super().__init__(check)
        self.check, self.reason, self.words = check, reason, words


def key_id_of(token: str) -> str:
    """The key id in the token's header, if that header may be trusted."""
    try:
        header = jws.extract_compact(token.encode("ascii"), registry=_HEADERS).headers()
    except (JoseError, ValueError, TypeError, KeyError):
        raise TokenRefused(
            "form", expected="three parts in base64url, the first a JSON object"
        ) from None
    # Before any key is used: a header must not choose how its token is verified.
    kind, kid = header.get("typ"), header.get("kid")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise TokenRefused("typ", expected="at+jwt or application/at+jwt")
    if untrusted := _UNTRUSTED_HEADERS & header.keys():
        raise TokenRefused("header", expected=f"none of {', '.join(sorted(untrusted))}")
    if header.get("alg") not in ALGORITHMS:
        raise TokenRefused("algorithm", expected=f"one of {', '.join(ALGORITHMS)}")
    if not isinstance(kid, str) or not kid:
        raise TokenRefused("key", expected="a kid in the header")
    return kid


def signed_payload(token: str, keys: KeySet) -> dict[str, Any]:
    try:
        signed = jws.deserialize_compact(token, keys, registry=_HEADERS)
    except (JoseError, ValueError, TypeError, KeyError):
        raise TokenRefused(
            "signature", expected="one by the named key of the issuer"
        ) from None
    try:
        return parse_json_object(signed.payload)
    except (Problem, ValueError):
        raise TokenRefused(
            "form", expected="claims as one JSON object without repeated names"
        ) from None


def claims_of(
    payload: Mapping[str, Any], *, issuer: str, audience: str, now: float
) -> Claims:
    """Check every claim that is used (RFC 9068); the lifetime is at most 15 minutes."""
    expires_at, issued_at, not_before = _times(payload)
    if payload.get("iss") != issuer:
        raise TokenRefused("issuer", expected="iss exactly as OIDC_ISSUER")
    audiences = payload.get("aud")
    if audiences != audience and not (
        isinstance(audiences, list) and audience in audiences
    ):
        raise TokenRefused("audience", expected="aud with OIDC_AUDIENCE")
    for name in ("sub", "jti"):
        if not _is_text(payload.get(name)):
            raise _wrong_claim(name, "a text of 1 to 255 characters")
    # No leeway at the end: it would lengthen the longest lifetime.
    if expires_at <= now:
        raise TokenRefused(
            "lifetime", reason="token-expired", expected="exp in the future"
        )
    # Clocks differ: a token may be issued at a moment that is not here yet.
    if issued_at > now + LEEWAY or not_before > now + LEEWAY:
        raise TokenRefused("lifetime", expected="iat and nbf not in the future")
    if not 0 < expires_at - issued_at <= LONGEST_LIFETIME:
        raise TokenRefused(
            "lifetime", expected=f"at most {LONGEST_LIFETIME} seconds from iat to exp"
        )
    scopes = _scopes(payload.get("scope", ""))
    return Claims(
        subject=payload["sub"],
        roles=tuple(_texts("roles", payload.get("roles", []))),
        counties=frozenset(_counties(payload.get("counties", []))),
        institution_id=_institution(payload.get("institution_id")),
        scopes=scopes,
        expires_at=expires_at,
        is_for_a_person="openid" in scopes or _shows_a_person(payload),
        authenticated_at=_authenticated_at(payload.get("auth_time")),
    )


def _authenticated_at(value: Any) -> float | None:
    """The time of the login; a wrong value is None, and does not refuse the token."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value < 2**33 else None


def _shows_a_person(payload: Mapping[str, Any]) -> bool:
    """Whether the token shows a login, or its client is not its subject (RFC 9068).

    Keycloak gives a subject of its own to a service account, and `clientAddress` to no
    other account.
    """
    # Otherwise a person without roles would have all rights of the application.
    if "sid" in payload or "auth_time" in payload:
        return True
    client = payload.get("client_id", payload["sub"])
    return bool(client != payload["sub"]) and "clientAddress" not in payload


def _wrong_claim(name: str, form: str) -> TokenRefused:
    return TokenRefused("claim", claim=name, expected=form)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255


def _times(payload: Mapping[str, Any]) -> tuple[float, float, float]:
    """Expiry, issue, start of validity (seconds since 1970); the last may be absent."""
    names = ("exp", "iat", "nbf") if "nbf" in payload else ("exp", "iat")
    times: dict[str, Any] = {name: payload.get(name) for name in names}
    for name, time_ in times.items():
        if (
            # Up to 2242: neither infinity nor NaN. `True` is an integer to Python.
            not isinstance(time_, int | float)
            or isinstance(time_, bool)
            or not 0 < time_ < 2**33
        ):
            raise _wrong_claim(name, "a number of seconds since 1970")
    expires_at, issued_at = float(times["exp"]), float(times["iat"])
    return expires_at, issued_at, float(times.get("nbf", issued_at))


def _texts(name: str, values: Any) -> list[str]:
    if not isinstance(values, list) or not all(_is_text(value) for value in values):
        raise _wrong_claim(name, "a list of texts")
    return values


def _counties(value: Any) -> list[str]:
    """The counties; a provider may give a single value without a list."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(
        isinstance(county, str) and _COUNTY.fullmatch(county) for county in values
    ):
        raise _wrong_claim(
            "counties", "a list of codes of four digits or *, or one of them"
        )
    return values


def _scopes(value: Any) -> frozenset[str]:
    if not isinstance(value, str):
        raise _wrong_claim("scope", "one text, with spaces between the scopes")
    return frozenset(value.split())


def _institution(value: Any) -> UUID | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise _wrong_claim("institution_id", "a UUID in lower case")
    return UUID(value)
