"""Our own loader, for machines without wrk: reads a load as JSON, prints its figures as JSON."""

import asyncio
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httptools
import uvloop


class Caller(asyncio.Protocol):
    """One connection that asks again as soon as it is answered, or after a pause."""

    def __init__(self, run: "Run") -> None:
        self.run, self.status, self.since = run, 0, 0.0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: connected."""
        self.transport = cast(asyncio.Transport, transport)
        self.ask()

    def ask(self) -> None:
        """The next request, while there is time."""
        if time.perf_counter() >= self.run.until:
            self.transport.close()
            return
        self.parser = httptools.HttpResponseParser(self)
        self.since = time.perf_counter()
        self.transport.write(next(self.run.requests))

    def data_received(self, data: bytes) -> None:
        """asyncio: a piece of an answer."""
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        """llhttp: the answer is complete."""
        self.run.times.append(time.perf_counter() - self.since)
        self.run.failures += self.parser.get_status_code() >= 400
        pause = random.uniform(0, 2 * self.run.pause)  # noqa: S311 - nothing secret about it
        if pause:
            asyncio.get_running_loop().call_later(pause, self.ask)
        else:
            asyncio.get_running_loop().call_soon(self.ask)

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: the connection is closed; before the end of the run this is a failure."""
        del exc
        self.run.failures += time.perf_counter() < self.run.until
        self.run.open -= 1
        if not self.run.open:
            self.run.ended.set()


class Run:
    """One load and its times."""

    def __init__(self, load: dict[str, Any]) -> None:
        self.load, self.pause = load, load["pause_ms"] / 1000
        self.times: list[float] = []
        self.failures, self.open = 0, load["connections"]
        self.ended = asyncio.Event()
        self.until = time.perf_counter() + load["seconds"]
        headers = {"Host": f"127.0.0.1:{load['port']}"} | load["headers"]
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        gets = [f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode() for path in load["paths"]]
        self.requests = _posts(load, lines) if load["bodies"] else itertools.cycle(gets)

    async def carry_out(self) -> dict[str, Any]:
        """All connections until the time is up."""
        loop, started = asyncio.get_running_loop(), time.perf_counter()
        for _ in range(self.load["connections"]):
            await loop.create_connection(lambda: Caller(self), "127.0.0.1", self.load["port"])
        await self.ended.wait()
        times = sorted(self.times) or [0.0]
        at = {f"p{share}": times[min(len(times) - 1, len(times) * share // 100)] for share in (50, 95, 99)}
        seconds = time.perf_counter() - started
        return {"requests": len(self.times), "seconds": seconds, "failures": self.failures, **at}


def _posts(load: dict[str, Any], lines: str) -> Iterator[bytes]:
    """Requests with the bodies in turn. The mark is replaced by a new UUID in each request, also in its key."""
    templates = []
    for body in Path(load["bodies"]).read_text(encoding="utf-8").splitlines():
        headers = f"Content-Type: application/json\r\nContent-Length: {len(body.encode())}\r\n"
        headers += f"Idempotency-Key: {load['mark']}\r\n"
        templates.append(f"POST {load['paths'][0]} HTTP/1.1\r\n{lines}{headers}\r\n{body}".split(load["mark"]))
    for number in itertools.count(1):
        key = f"{number * 2654435761 % 2**32:08x}-{load['ids']}-{number:012x}"
        yield key.join(templates[number % len(templates)]).encode()


async def _main() -> None:
    sys.stdout.write(json.dumps(await Run(json.load(sys.stdin)).carry_out()) + "\n")


if __name__ == "__main__":
    uvloop.run(_main())
