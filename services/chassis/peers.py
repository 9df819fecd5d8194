"""Requests to another service: one deadline, one token, a Problem for every failure.

A service keeps its own models of the fields it uses in its `peers.py`. No request is
sent inside a transaction after its first write or lock: whoever waits for that lock
would wait for the other service too.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus

import httpx
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from services.chassis.data.open_units import open_units
from services.chassis.data.work import NOBODY
from services.chassis.ground.correlation import current_trace, remaining_seconds
from services.chassis.ground.problems import (
    Problem,
    UpstreamInvalidResponse,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from services.chassis.trust.callers import ACTS_FOR
from services.chassis.trust.issuers import on_socket

LARGEST_ANSWER = 8_388_608
Model = TypeVar("Model", bound=BaseModel)


class PeerRefused(Problem):
    """A service that is needed refused the question."""

    status, title_pl = 502, "Potrzebna usługa odmówiła odpowiedzi"


class AskedAfterWrite(RuntimeError):
    """A fault of ours, no Problem: code that tolerates a silent peer would hide it."""


class Peer:
    """One other service, by address or `unix:PATH`; closed when the process ends."""

    def __init__(
        self,
        url: str,
        *,
        seconds: float = 2.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.seconds = seconds
        if url.startswith("unix:"):
            transport = transport or on_socket(url.removeprefix("unix:"))
            url = "http://localhost"
        if transport is None:
            # Imported here: only a process that uses TCP needs aiohttp (8 MB).
            from httpx_aiohttp import AiohttpTransport  # noqa: PLC0415

            transport = AiohttpTransport()
        # No proxy of the environment sees requests or tokens.
        self._client = httpx.AsyncClient(
            base_url=url, transport=transport, timeout=seconds, trust_env=False
        )

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def get(
        self,
        path: str,
        model: type[Model],
        *,
        token: str,
        **query: str | int | Sequence[str],
    ) -> Model:
        """The service's answer at `path` for the holder of the token, as `model`.

        Raises PeerRefused with the peer's own problem, UpstreamTimeout after the total
        deadline (that of the request being served, and never more than this peer's),
        UpstreamUnavailable, or UpstreamInvalidResponse; and AskedAfterWrite where a
        transaction around it has written.
        """
        request = self._client.build_request("GET", path, params=query)
        return await self._answer(request, token, model)

    async def post(
        self,
        path: str,
        model: type[Model],
        *,
        token: str,
        key: str,
        body: BaseModel | Mapping[str, Any] | None = None,
        if_match: str | None = None,
    ) -> Model:
        """The service's answer to this change, as `model`; raises the same as `get`.

        `key` names the change, not the attempt: a caller that does not know whether it
        was done sends the same key again, and the change has one effect.
        """
        headers = {"idempotency-key": key}
        if if_match is not None:
            headers["if-match"] = if_match
        if body is not None:
            headers["content-type"] = "application/json"
        content = None if body is None else to_json(body)
        request = self._client.build_request(
            "POST", path, headers=headers, content=content
        )
        return await self._answer(request, token, model)

    async def _answer(
        self, request: httpx.Request, token: str, model: type[Model]
    ) -> Model:
        answer = await self._send_within_deadline(request, token)
        if answer.is_error:
            raise PeerRefused(
                peer_status=answer.status_code, peer_code=_code_of(answer)
            )
        try:
            return model.model_validate_json(answer.content)
        # Without its cause, which would quote the other service's answer.
        except ValidationError:
            raise UpstreamInvalidResponse() from None

    async def _send_within_deadline(
        self, request: httpx.Request, token: str
    ) -> httpx.Response:
        if any(unit.has_written for unit in open_units()):
            raise AskedAfterWrite
        seconds = remaining_seconds(self.seconds)
        request.headers.update(_headers(token, seconds))
        try:
            # The timeout of httpx is for each read: an answer in drops would never end.
            async with asyncio.timeout(seconds):
                return await self._send_twice(request)
        except TimeoutError:
            raise UpstreamTimeout() from None
        except httpx.TransportError:
            raise UpstreamUnavailable() from None

    async def _send_twice(self, request: httpx.Request) -> httpx.Response:
        """Send again if the connection was closed: nothing is done twice.

        Reading changes nothing, and a change has its key.
        """
        try:
            return await self._send_once(request)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.ConnectError):
            return await self._send_once(request)

    async def _send_once(self, request: httpx.Request) -> httpx.Response:
        answer = await self._client.send(request, stream=True)
        try:
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                # In pieces: a service that has gone wrong must not fill our memory.
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise UpstreamInvalidResponse()
        finally:
            await answer.aclose()
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            content=bytes(body),
            request=request,
        )


def _headers(token: str, seconds: float) -> dict[str, str]:
    """The headers of a request: token, deadline, the caller it is for, trace."""
    headers = {
        "authorization": f"Bearer {token}",
        "x-deadline-ms": str(max(1, int(seconds * 1000))),
        # Between neighbours compression gains nothing, and may unpack without end.
        "accept-encoding": "identity",
    }
    if subject := _acting_for():
        headers[ACTS_FOR] = quote(subject)
    if trace := current_trace.get():
        headers["traceparent"] = trace.traceparent
    return headers


def _acting_for() -> str | None:
    """The caller of the innermost unit of work, or whom they act for; None without."""
    callers = [unit.caller for unit in open_units() if unit.caller is not NOBODY]
    return (callers[-1].acts_for or callers[-1].subject) if callers else None


class Account(Peer):
    """This service's account: a token by client credentials, renewed before it ends."""

    def __init__(
        self, url: str, client: tuple[str, str], scope: str, **more: Any
    ) -> None:
        socket, _, path = (
            url.rpartition(":/") if url.startswith("unix:") else ("", "", "")
        )
        super().__init__(socket, **more)
        self._url, self._scope = f"/{path}" if socket else url, scope
        # Encoded first, as for forms (RFC 6749, 2.3.1).
        self._client.auth = httpx.BasicAuth(*map(quote_plus, client))
        self._token, self._ends, self._renewing = "", 0.0, asyncio.Lock()

    async def token(self) -> str:
        """A token that holds for half a minute at least, or UpstreamUnavailable."""
        # One renewal for all who wait.
        async with self._renewing:
            if self._ends < time.monotonic() + 30:
                await self._renew()
            return self._token

    async def _renew(self) -> None:
        form = {"grant_type": "client_credentials", "scope": self._scope}
        try:
            async with asyncio.timeout(remaining_seconds(self.seconds)):
                answer = (
                    (await self._client.post(self._url, data=form))
                    .raise_for_status()
                    .json()
                )
            self._token, self._ends = (
                str(answer["access_token"]),
                time.monotonic() + float(answer["expires_in"]),
            )
        except (TimeoutError, httpx.HTTPError, ValueError, KeyError, TypeError):
            raise UpstreamUnavailable() from None


def _code_of(answer: httpx.Response) -> str | None:
    """The stable code of the peer's problem, if it is one."""
    try:
        code = answer.json().get("code")
    except (ValueError, AttributeError):
        return None
    return code if isinstance(code, str) and code.isidentifier() else None
