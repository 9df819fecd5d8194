"""A certified OpenID provider, running: it signs in people and gives tokens to them and to service accounts."""

import asyncio
import base64
import hashlib
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from joserfc.jwk import ECKey

from tests.support.npm import NotInstalled

SIGNED_IN = "https://front-end.test/signed-in"
VERIFIER = "a-verifier-of-PKCE-that-only-these-tests-know"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()

Tokens = Mapping[str, Any]


@dataclass
class Provider:
    """The provider's process, its address, and a browser with its cookies."""

    process: asyncio.subprocess.Process
    browser: httpx.AsyncClient
    issuer: str = ""
    endpoints: dict[str, Any] = field(default_factory=dict)

    async def rotate(self, kid: str) -> None:
        """From now on a new key of that name signs, and no other is published."""
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": kid}, private=True)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"keys": [key.as_dict(private=True)]}).encode() + b"\n")
        while not (line := (await self.process.stdout.readline()).decode()).startswith("http"):
            assert line, "the provider has ended"
        self.issuer = line.strip()
        found = await self.browser.get(f"{self.issuer}.well-known/openid-configuration")
        self.endpoints = found.raise_for_status().json()

    async def service_token(self, scope: str) -> str:
        """A token for the county's own system, by its secret."""
        asked = {"grant_type": "client_credentials", "scope": scope}
        return str((await self._tokens(asked, auth=("county-system", "only-for-tests")))["access_token"])

    async def sign_in(self, name: str, scope: str) -> Tokens:
        """The tokens of a person who signs in at a front end: authorization code with PKCE."""
        self.browser.cookies.clear()
        asked = {"client_id": "front-end", "response_type": "code", "redirect_uri": SIGNED_IN, "scope": scope}
        proof = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
        page = await self.browser.get(self.endpoints["authorization_endpoint"], params=asked | proof)
        signed = {"prompt": "login", "login": name, "password": "any"}
        resumed = await self.browser.post(self._next(page), data=signed)
        code = httpx.URL(self._next(await self.browser.get(self._next(resumed)))).params["code"]
        exchange = {"grant_type": "authorization_code", "code": code, "redirect_uri": SIGNED_IN}
        return await self._tokens(exchange | {"client_id": "front-end", "code_verifier": VERIFIER})

    async def renew(self, tokens: Tokens) -> Tokens:
        """New tokens for the refresh token."""
        asked = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        return await self._tokens(asked | {"client_id": "front-end"})

    def _next(self, answer: httpx.Response) -> str:
        assert answer.status_code == 303, answer.text
        return str(httpx.URL(self.issuer).join(answer.headers["location"]))

    async def _tokens(self, asked: Mapping[str, str], **how: Any) -> Tokens:
        answer = await self.browser.post(self.endpoints["token_endpoint"], data=dict(asked), **how)
        assert answer.status_code == 200, answer.text
        tokens: Tokens = answer.json()
        return tokens


@asynccontextmanager
async def provider_in(folder: Path) -> AsyncIterator[Provider]:
    """Run the provider that is installed in this folder; it ends when its input does."""
    node = shutil.which("node")
    if node is None:
        raise NotInstalled("there is no Node here")
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout"), asyncio.subprocess.PIPE)
    pipes["stderr"] = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(node, "provider.mjs", cwd=folder, **pipes)
    async with httpx.AsyncClient(trust_env=False, timeout=30) as browser:
        provider = Provider(process, browser)
        await provider.rotate("first")
        try:
            yield provider
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()
