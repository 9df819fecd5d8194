"""Trust in the issuer of tokens, by the keys that it publishes."""

import asyncio
import hashlib
import math
import time
from contextlib import suppress
from typing import Any, Protocol

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key

from services.chassis.ground.logs import logger
from services.chassis.ground.problems import Unauthenticated, Unavailable
from services.chassis.ground.settings import IdentitySettings
from services.chassis.trust.tokens import (
    Claims,
    TokenRefused,
    claims_of,
    key_id_of,
    signed_payload,
)

# A key that the issuer has withdrawn is trusted no longer than this.
SECONDS_BETWEEN_FETCHES = 600.0
# However many tokens have an unknown key or a wrong signature.
SECONDS_BETWEEN_REFRESHES = 30.0
MOST_CACHED_TOKENS = 10_000

log = logger("issuers")


class KeysRefused(Exception):
    """Why the issuer's answer cannot be used, in words of our own."""


class KeySource(Protocol):
    """Fetches an issuer's public keys."""

    async def __call__(self) -> dict[str, Any]: ...


class TokenVerifier:
    """Trusts one issuer's tokens, each verified once. Keys outlive its outages."""

    def __init__(self, issuer: str, audience: str, fetch_keys: KeySource) -> None:
        self.issuer, self.audience, self.fetch_keys = issuer, audience, fetch_keys
        # How often keys were withdrawn: claims cached before that are no longer valid.
        self.withdrawals = 0
        self._keys: KeySet | None = None
        self._failure: str | None = None
        self._refreshed = -math.inf
        self._refreshing = asyncio.Lock()
        self._verified: dict[bytes, Claims] = {}

    @property
    def ready(self) -> bool:
        """Whether any key is known."""
        return self._keys is not None

    def remembered(self, token: bytes) -> Claims | None:
        """The claims of a token that was verified before and is still valid."""
        # The hot path, without awaiting. By a digest: tokens themselves are not kept.
        claims = self._verified.get(hashlib.blake2b(token, digest_size=20).digest())
        return (
            claims if claims is not None and claims.expires_at > time.time() else None
        )

    async def verify(self, token: str, trace_id: str = "") -> Claims:
        """The claims of a token; Unauthenticated, with a reason, if it is not trusted.

        The caller learns no more than the reason; the log says, under the trace id,
        which check the token failed.
        """
        raw = token.encode("latin-1", "replace")
        cached_claims = self.remembered(raw)
        if cached_claims is not None:
            return cached_claims
        try:
            payload = await self._payload(token)
            claims = claims_of(
                payload, issuer=self.issuer, audience=self.audience, now=time.time()
            )
        except TokenRefused as refused:
            log.info(
                "token refused", trace_id=trace_id, check=refused.check, **refused.words
            )
            raise Unauthenticated(reason=refused.reason) from None
        if len(self._verified) >= MOST_CACHED_TOKENS:
            # All at once: verifying again is cheaper than keeping an order.
            self._verified.clear()
        self._verified[hashlib.blake2b(raw, digest_size=20).digest()] = claims
        return claims

    async def _payload(self, token: str) -> dict[str, Any]:
        keys = await self._keys_for(key_id_of(token))
        try:
            return signed_payload(token, keys)
        except TokenRefused as refused:
            if refused.check != "signature":
                raise
        # The issuer may have given the key's name to a new one.
        await self.refresh()
        return signed_payload(token, self._keys or keys)

    async def _keys_for(self, kid: str) -> KeySet:
        if self._keys is None or kid not in {key.kid for key in self._keys.keys}:
            await self.refresh()
        if self._keys is None:
            raise Unavailable()
        if kid not in {key.kid for key in self._keys.keys}:
            raise TokenRefused("key", expected="a kid that the issuer publishes")
        return self._keys

    async def keep_fresh(self) -> None:
        """Fetch the keys again and again: withdrawn ones soon lose trust."""
        while True:
            await self.refresh()
            has_failed = self._failure is not None
            await asyncio.sleep(
                SECONDS_BETWEEN_REFRESHES if has_failed else SECONDS_BETWEEN_FETCHES
            )

    async def refresh(self) -> None:
        """Fetch the issuer's keys, not too often; known ones outlive a failure."""
        async with self._refreshing:
            # Without any key no request can be served, so it is asked more often.
            wait = SECONDS_BETWEEN_REFRESHES if self._keys is not None else 1.0
            if time.monotonic() - self._refreshed < wait:
                return
            self._refreshed = time.monotonic()
            try:
                keys = known_keys(await self.fetch_keys())
            except Exception as error:  # noqa: BLE001
                # Whatever the issuer answers, the known keys stay.
                self._log_state(
                    str(error)
                    if isinstance(error, KeysRefused)
                    else type(error).__name__
                )
                return
            self._log_state(None if keys else "no key of a kind that is known here")
            if keys:
                self._trust(keys)

    def _trust(self, keys: KeySet) -> None:
        before = (
            {(key.kid, key.thumbprint()) for key in self._keys.keys}
            if self._keys
            else set()
        )
        self._keys = keys
        # Compared by the key itself, too: a name may be given to another key.
        if before - {(key.kid, key.thumbprint()) for key in keys.keys}:
            self.withdrawals += 1
            self._verified.clear()

    def _log_state(self, failure: str | None) -> None:
        """Log that keys cannot be fetched, or can again; not at every attempt."""
        if failure == self._failure:
            return
        self._failure = failure
        if failure is None:
            log.info("the issuer's keys are known again", issuer=self.issuer)
        else:
            log.warning(
                "the issuer's keys cannot be had",
                issuer=self.issuer,
                reason=failure,
                ready=self.ready,
            )


def known_keys(published: Any) -> KeySet | None:
    """The keys of supported kinds, others ignored (RFC 7517, 5); None without any."""
    entries = published.get("keys") if isinstance(published, dict) else None
    keys = []
    for data in entries if isinstance(entries, list) else []:
        with suppress(JoseError, ValueError, TypeError, KeyError, AttributeError):
            keys.append(import_key(data))
    return KeySet(keys) if keys else None


def on_socket(path: str) -> httpx.AsyncHTTPTransport:
    """The transport to a program on a unix socket of this machine, without TLS."""
    # None: httpcore makes a context if it needs one. A context that trusts nobody takes
    # 2 MB of OpenSSL in memory; reading the list of authorities takes 0.1 seconds.
    return httpx.AsyncHTTPTransport(uds=path, verify=None)  # type: ignore[arg-type]


def verifier_for(settings: IdentitySettings) -> TokenVerifier:
    """A verifier that finds the keys by OpenID Connect discovery, or by the setting."""
    issuer, jwks_url = settings.oidc_issuer, settings.oidc_jwks_url

    async def fetch() -> dict[str, Any]:
        url, transport = jwks_url, None
        if url and url.startswith("unix:"):
            socket, _, path = url.removeprefix("unix:").partition(":")
            transport, url = on_socket(socket), f"http://localhost{path}"
        # No proxy of the environment stands between us and the issuer.
        client = httpx.AsyncClient(transport=transport, timeout=5.0, trust_env=False)
        async with client, asyncio.timeout(5):
            return await _answer(client, url or await _jwks_uri(client, issuer))

    return TokenVerifier(issuer, settings.oidc_audience, fetch)


async def _jwks_uri(client: httpx.AsyncClient, issuer: str) -> str:
    """The address of the keys (OpenID Connect Discovery 1.0, 4: drop a final slash)."""
    document = await _answer(
        client, f"{issuer.removesuffix('/')}/.well-known/openid-configuration"
    )
    # Keys of another issuer must not be accepted (Discovery 1.0, 4.3).
    if document.get("issuer") != issuer:
        raise KeysRefused("discovery names another issuer than OIDC_ISSUER")
    if not isinstance(document.get("jwks_uri"), str):
        raise KeysRefused("discovery names no jwks_uri")
    return str(document["jwks_uri"])


async def _answer(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    """The JSON object at this address; KeysRefused, naming it, if there is none."""
    place = url.partition("?")[0]
    try:
        answer = await client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise KeysRefused(
            f"{place} cannot be reached: {type(error).__name__}"
        ) from error
    try:
        value = answer.json() if answer.is_success else None
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise KeysRefused(f"{place} answered {answer.status_code}, and no JSON object")
    return value
