"""Stand-ins for what is around the gateway: services that do as told, a client on a bare socket, tokens."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import uvicorn

from gateway.fast.protocol import ExpressProtocol
from gateway.main import Gateway
from gateway.settings import GatewaySettings
from services.chassis.trust.issuers import TokenVerifier
from services.chassis.trust.tokens import Claims

AUDIENCE = "splot"
Asgi = Callable[[Any, Any, Any], Awaitable[None]]
Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Seen:
    """One request as a service saw it."""

    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        values = [value for given, value in self.headers if given == name]
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None


class Moment(asyncio.Event):
    """Something that happens to a service. What never happens is a failure, not a test without end."""

    async def wait(self) -> Literal[True]:
        async with asyncio.timeout(60):
            return await super().wait()


@dataclass
class FakeService:
    """A service that remembers what it was asked, and answers each path as it is told."""

    status: int = 200
    headers: list[tuple[bytes, bytes]] = field(default_factory=lambda: [(b"content-type", b"application/json")])
    body: bytes = b'{"items":[]}'
    document: bytes = b'{"openapi":"3.1.0","paths":{}}'
    problems: bytes = b"[]"
    events: bytes = b"{}"
    ready: bool = True
    seen: list[Seen] = field(default_factory=list)
    asked: Moment = field(default_factory=Moment)
    may_answer: asyncio.Event | None = None
    left: Moment = field(default_factory=Moment)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left.set()
                return
            body, more = body + message.get("body", b""), message.get("more_body", False)
        path = scope["raw_path"].decode()
        own = {"/livez": b"{}", "/readyz": b"{}", "/openapi.json": self.document, "/problems": self.problems}
        own["/asyncapi.json"] = self.events
        if path in own:
            status = 503 if path == "/readyz" and not self.ready else 200
            await self._answer(send, status, [(b"content-type", b"application/json")], own[path])
            return
        headers = [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"]]
        self.seen.append(Seen(scope["method"], path, scope["query_string"].decode(), headers, body))
        self.asked.set()
        if self.may_answer is not None:
            await self._hold(receive, self.may_answer)
        await self._answer(send, self.status, self.headers, self.body)

    async def _hold(self, receive: Any, until: asyncio.Event) -> None:
        """Answer when told to; notice when the asking side goes away."""
        told, gone = asyncio.create_task(until.wait()), asyncio.create_task(receive())
        await asyncio.wait({told, gone}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            self.left.set()
        for task in (told, gone):
            task.cancel()

    async def _answer(self, send: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        if status in {204, 304}:
            body = b""
        else:
            headers = [*headers, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving(app: Asgi, *, socket: Path | None = None, **options: Any) -> AsyncIterator[int]:
    """Run an ASGI application under uvicorn, on a unix socket or a loopback port; yields the port."""
    config = uvicorn.Config(
        app,
        uds=str(socket) if socket else None,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        ws="none",
        **{"host": "127.0.0.1", "port": 0, "http": "httptools", "lifespan": "off", "timeout_keep_alive": 75, **options},
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        yield 0 if socket else server.servers[0].sockets[0].getsockname()[1]
    finally:
        for listener in server.servers:
            listener.close()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await asyncio.gather(*server.server_state.tasks, return_exceptions=True)
        await server.lifespan.shutdown()


@asynccontextmanager
async def misbehaving(behaviour: Behaviour, socket: Path) -> AsyncIterator[None]:
    """Listen on a unix socket and treat every connection as told."""

    treating: set[asyncio.Task[Any]] = set()

    async def treat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        treating.add(task)
        try:
            await behaviour(reader, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            return
        finally:
            treating.discard(task)
            writer.close()

    server = await asyncio.start_unix_server(treat, str(socket))
    try:
        yield
    finally:
        server.close()
        for task in tuple(treating):
            task.cancel()
        await asyncio.gather(*treating)


def saying(*answers: bytes, asked: list[bytes] | None = None, keep_open: int = 0) -> Behaviour:
    """Answer each request with the next of these bytes, the last for ever, and close; keep open after the first few."""
    left = list(answers)

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(keep_open + 1):
            head = await reader.readuntil(b"\r\n\r\n")
            if asked is not None:
                asked.append(head)
            writer.write(left[0] if len(left) == 1 else left.pop(0))
            await writer.drain()

    return behave


def knowing(tokens: dict[str, Claims]) -> Callable[[GatewaySettings], TokenVerifier]:
    """A verifier that has verified these tokens before; every other one is refused."""

    async def no_keys() -> dict[str, Any]:
        return {"keys": []}

    def build(_: GatewaySettings) -> TokenVerifier:
        verifier = TokenVerifier("http://issuer", AUDIENCE, no_keys)
        for token, claims in tokens.items():
            digest = hashlib.blake2b(token.encode(), digest_size=20).digest()
            verifier._verified[digest] = claims
        return verifier

    return build


def claims_for(subject: str, *roles: str) -> Claims:
    return Claims(subject, roles, frozenset({"2469"}), None, frozenset(), time.time() + 86_400)


@asynccontextmanager
async def gateway_serving(
    tokens: dict[str, Claims], rest_seconds: float = 5, **settings: Any
) -> AsyncIterator[tuple[Gateway, int]]:
    """Run the gateway as it runs for real; yields it and its port."""
    given = {"environment": "test", "oidc_issuer": "http://issuer", "log_level": "ERROR", **settings}
    gateway = Gateway(lambda: GatewaySettings(**given), knowing(tokens))
    async with serving(gateway, http=ExpressProtocol, lifespan="on", timeout_keep_alive=rest_seconds) as port:
        yield gateway, port


@dataclass
class Answer:
    """What came back on a bare socket."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    closed: bool

    def header(self, name: str) -> str | None:
        values = [value for given, value in self.headers if given == name]
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None


AssertProblem = Callable[[Answer, int, str], dict[str, Any]]


async def speak(port: int, *pieces: bytes) -> bytes:
    """Send the bytes as they are, and read until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def read_answer(raw: bytes) -> Answer:
    """The first answer in the bytes."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [(line.split(": ", 1)[0].lower(), line.split(": ", 1)[1]) for line in lines]
    return Answer(int(first.split(" ")[1]), headers, body, closed=("connection", "close") in headers)


def request_bytes(target: str, *lines: str, method: str = "GET", host: str = "127.0.0.1", body: bytes = b"") -> bytes:
    """A request that asks for the connection to be closed after it."""
    head = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close", *lines, "", ""]
    return "\r\n".join(head).encode("latin-1") + body
