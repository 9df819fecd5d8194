"""Requests over HTTP from several connections at once: by wrk, or by our own loader where wrk is not installed."""

import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.tools import ToolFailed, find_tool, run_tool

SCRIPT = Path(__file__).with_name("load.lua")
MARK = "00000000-0000-4000-8000-000000000000"
"""In a body it is replaced by a new UUID for each request, which is also the Idempotency-Key."""


@dataclass(frozen=True)
class Load:
    """Requests to a server on this machine. `pause_ms`: the mean pause of a connection between its requests.

    `bodies`: a file of JSON bodies, one a line, that are sent by POST to the first path in turn.
    """

    port: int
    paths: Sequence[str]
    headers: Mapping[str, str] = field(default_factory=dict)
    connections: int = 1
    seconds: float = 2.0
    pause_ms: float = 0.0
    bodies: str = ""


@dataclass(frozen=True)
class LoadResult:
    """The answers to a load; times in seconds."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


async def drive(load: Load) -> LoadResult:
    """Carry out a load; ToolFailed when any request was not answered well."""
    wrk, ids = find_tool("wrk"), _ids_of_this_load()
    if wrk is None or load.seconds < 1:
        command = [sys.executable, "-m", "bench.loader"]
        result = await run_tool(command, stdin=json.dumps(asdict(load) | {"mark": MARK, "ids": ids}).encode())
    else:
        result = await run_tool(_wrk(wrk, load, ids))
    figures: dict[str, Any] = json.loads(result.output.strip().splitlines()[-1])
    if figures.pop("failures") or not figures["requests"]:
        raise ToolFailed(f"requests to {load.paths[0].partition('?')[0]} failed")
    return LoadResult(**figures)


def loader_name() -> str:
    """The name of the program that makes the load."""
    return "wrk" if find_tool("wrk") else "own loader (wrk is not installed)"


def _ids_of_this_load() -> str:
    """The middle of its UUIDs, which no other load has; the rest is the number of the request."""
    return f"{secrets.token_hex(2)}-4{secrets.token_hex(2)[1:]}-8{secrets.token_hex(2)[1:]}"


def _wrk(wrk: Path, load: Load, ids: str) -> list[str | Path]:
    headers = [part for name, value in load.headers.items() for part in ("-H", f"{name}: {value}")]
    options = ["-t", "1", "-c", str(load.connections), "-d", f"{round(load.seconds)}s", "--timeout", "10s"]
    url = f"http://127.0.0.1:{load.port}"
    arguments = [str(load.pause_ms), load.bodies, MARK, ids, *load.paths]
    return [wrk, *options, *headers, "-s", SCRIPT, url, "--", *arguments]
