"""Who is calling, proven by a token, and what an endpoint demands of them."""

import asyncio
import hashlib
import math
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import httpx
from fastapi import Depends
from fastapi.params import Depends as Dependency
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key
from starlette.requests import Request

from services.chassis.bodies import parse_json_object
from services.chassis.callers import Caller, Grants, Reach
from services.chassis.problems import Forbidden, MalformedRequest, Problem, Unauthenticated, Unavailable
from services.chassis.settings import IdentitySettings

ALGORITHMS = ["ES256", "RS256", "EdDSA", "Ed25519"]
LONGEST_LIFETIME = 15 * 60
LEEWAY = 30
SECONDS_BETWEEN_REFRESHES = 30.0
MOST_CACHED_TOKENS = 10_000
_UNTRUSTED_HEADERS = {"jwk", "jku", "x5u", "x5c", "x5t", "crit", "b64", "zip", "enc"}
_COUNTY = re.compile(r"[0-9]{4}|\*", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True)
class Claims:
    """What a verified token says."""

    subject: str
    roles: tuple[str, ...]
    counties: frozenset[str]
    institution_id: UUID | None
    scopes: frozenset[str]
    expires_at: float


def caller_of(claims: Claims, grants: Grants) -> Caller:
    """The caller that these claims make under these grants: of several roles the widest reach counts."""
    permissions: dict[str, Reach] = {}
    for holder in (*claims.roles, *claims.scopes):
        for permission, reach in grants.get(holder, {}).items():
            permissions[permission] = max(reach, permissions.get(permission, reach))
    return Caller(claims.subject, claims.roles, claims.counties, claims.institution_id, claims.scopes, permissions)


class KeySource(Protocol):
    """Where an issuer's public keys come from."""

    async def __call__(self) -> dict[str, Any]: ...


class TokenVerifier:
    """Trusts tokens of one issuer. Keys outlive the issuer's outages; a token is verified once and remembered."""

    def __init__(self, issuer: str, audience: str, fetch_keys: KeySource) -> None:
        self.issuer, self.audience, self.fetch_keys = issuer, audience, fetch_keys
        self._keys: KeySet | None = None
        self._refreshed = -math.inf
        self._refreshing = asyncio.Lock()
        self._verified: dict[bytes, Claims] = {}

    @property
    def ready(self) -> bool:
        """Whether any key is known."""
        return self._keys is not None

    def remembered(self, token: bytes) -> Claims | None:
        """The claims of a token that was verified before and is still valid: the hot path, no awaiting."""
        claims = self._verified.get(hashlib.blake2b(token, digest_size=20).digest())
        return claims if claims is not None and claims.expires_at > time.time() else None

    async def verify(self, token: str) -> Claims:
        """The claims of a token; Unauthenticated, with a reason, if it is not to be trusted."""
        raw = token.encode("latin-1", "replace")
        known = self.remembered(raw)
        if known is not None:
            return known
        claims = claims_of(await self._payload(token), issuer=self.issuer, audience=self.audience, now=time.time())
        if len(self._verified) >= MOST_CACHED_TOKENS:
            self._verified.clear()
        self._verified[hashlib.blake2b(raw, digest_size=20).digest()] = claims
        return claims

    async def _payload(self, token: str) -> dict[str, Any]:
        try:
            header = jws.extract_compact(token.encode("ascii")).headers()
            if header.get("typ") != "at+jwt" or _UNTRUSTED_HEADERS & header.keys():
                raise _refusal("token-invalid")
            keys = await self._keys_for(header.get("kid"))
            verified = jws.deserialize_compact(token, keys, algorithms=ALGORITHMS)
            return parse_json_object(verified.payload)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _refusal("token-invalid") from error
        except Problem as problem:
            if isinstance(problem, Unavailable | Unauthenticated):
                raise
            raise _refusal("token-invalid") from problem

    async def _keys_for(self, kid: Any) -> KeySet:
        if not isinstance(kid, str) or not kid:
            raise _refusal("token-invalid")
        if self._keys is None or kid not in {key.kid for key in self._keys.keys}:
            await self.refresh()
        if self._keys is None:
            raise Unavailable()
        return self._keys

    async def refresh(self) -> None:
        """Ask the issuer for its keys, at most once in SECONDS_BETWEEN_REFRESHES; old keys stay when it cannot say."""
        async with self._refreshing:
            wait = SECONDS_BETWEEN_REFRESHES if self._keys is not None else 1.0
            if time.monotonic() - self._refreshed < wait:
                return
            self._refreshed = time.monotonic()
            with suppress(httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, OSError):
                self._keys = known_keys(await self.fetch_keys()) or self._keys


def known_keys(published: Any) -> KeySet | None:
    """The keys of a set that are understood here; others are passed over (RFC 7517, section 5). None without any."""
    listed = published.get("keys") if isinstance(published, dict) else None
    keys = []
    for data in listed if isinstance(listed, list) else []:
        with suppress(JoseError, ValueError, TypeError, KeyError, AttributeError):
            keys.append(import_key(data))
    return KeySet(keys) if keys else None


def claims_of(payload: dict[str, Any], *, issuer: str, audience: str, now: float) -> Claims:
    """Check every claim that is relied on (RFC 9068, with a lifetime of at most 15 minutes)."""
    expires_at, issued_at, not_before = _times(payload)
    checks = (
        payload.get("iss") == issuer,
        _has_audience(payload.get("aud"), audience),
        _is_text(payload.get("sub")) and _is_text(payload.get("jti")),
    )
    if not all(checks):
        raise _refusal("token-invalid")
    if expires_at <= now:
        raise _refusal("token-expired")
    if issued_at > now + LEEWAY or not_before > now + LEEWAY or not 0 < expires_at - issued_at <= LONGEST_LIFETIME:
        raise _refusal("token-invalid")
    return Claims(
        subject=payload["sub"],
        roles=tuple(_texts(payload.get("roles", []))),
        counties=frozenset(_texts(payload.get("counties", []), _COUNTY)),
        institution_id=_institution(payload.get("institution_id")),
        scopes=_scopes(payload.get("scope", "")),
        expires_at=expires_at,
    )


def _refusal(reason: str) -> Unauthenticated:
    return Unauthenticated(reason=reason)


def _has_audience(given: Any, wanted: str) -> bool:
    return given == wanted or (isinstance(given, list) and wanted in given)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255


def _times(payload: dict[str, Any]) -> tuple[float, float, float]:
    """Expiry, issue and start of validity (seconds since 1970); only the last may be absent."""
    times = (payload.get("exp"), payload.get("iat"), payload.get("nbf", payload.get("iat")))
    if not all(isinstance(time, int | float) and not isinstance(time, bool) and 0 < time < 2**33 for time in times):
        raise _refusal("token-invalid")
    expires_at, issued_at, not_before = (float(time or 0) for time in times)
    return expires_at, issued_at, not_before


def _texts(values: Any, pattern: re.Pattern[str] | None = None) -> list[str]:
    if not isinstance(values, list) or not all(_is_text(value) for value in values):
        raise _refusal("token-invalid")
    if pattern and not all(pattern.fullmatch(value) for value in values):
        raise _refusal("token-invalid")
    return values


def _scopes(value: Any) -> frozenset[str]:
    if not isinstance(value, str):
        raise _refusal("token-invalid")
    return frozenset(value.split())


def _institution(value: Any) -> UUID | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise _refusal("token-invalid")
    return UUID(value)


def verifier_for(settings: IdentitySettings) -> TokenVerifier:
    """A verifier that finds the issuer's keys by OpenID Connect discovery, or at the address that is set."""

    async def fetch() -> dict[str, Any]:
        url = settings.oidc_jwks_url
        transport = None
        if url and url.startswith("unix:"):
            socket, _, path = url.removeprefix("unix:").partition(":")
            transport, url = httpx.AsyncHTTPTransport(uds=socket), f"http://localhost{path}"
        async with httpx.AsyncClient(transport=transport, timeout=5.0, trust_env=False) as client, asyncio.timeout(5):
            if url is None:
                found = await client.get(f"{settings.oidc_issuer}/.well-known/openid-configuration")
                url = str(found.raise_for_status().json()["jwks_uri"])
            keys: dict[str, Any] = (await client.get(url)).raise_for_status().json()
            return keys

    return TokenVerifier(settings.oidc_issuer, settings.oidc_audience, fetch)


def bearer_token(authorizations: list[str]) -> str:
    """The token of the Authorization headers: none or another scheme is Unauthenticated, two are MalformedRequest."""
    if len(authorizations) > 1:
        raise MalformedRequest()
    scheme, _, token = (authorizations[0] if authorizations else "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(reason="token-missing")
    return token


async def identify(request: Request) -> Caller:
    """The caller of a request, by its token."""
    known: Caller | None = request.scope.get("splot.caller")
    if known is not None:
        return known
    verifier: TokenVerifier = request.app.state.verifier
    claims = await verifier.verify(bearer_token(request.headers.getlist("authorization")))
    caller: Caller = request.app.state.caller_of(claims)
    request.scope["splot.caller"] = caller
    return caller


class PermissionCheck:
    """The demand of an endpoint, as a dependency that can be listed from the routes."""

    def __init__(self, permission: StrEnum) -> None:
        self.permission = permission

    async def __call__(self, request: Request) -> Caller:
        caller = await identify(request)
        if caller.reach(self.permission) is None:
            raise Forbidden(permission=str(self.permission))
        return caller


def requires(permission: StrEnum) -> Dependency:
    """`Annotated[Caller, requires(Permission.CLOSE_CASES)]`: the caller, who has that permission."""
    check: Dependency = Depends(PermissionCheck(permission))
    return check
