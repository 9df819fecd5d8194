"""Files sent to an import, and what became of them."""

import json
import uuid
from typing import Any, NamedTuple

import httpx

CSV = "text/csv"


class Imported(NamedTuple):
    """How an import ended: the job, and its row problems as (line, pointer, code)."""

    job: dict[str, Any]
    problems: list[tuple[int, str, str]]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Created, changed, unchanged, rejected."""
        result = self.job["result"]
        return result["created"], result["changed"], result["unchanged"], result["rejected"]


async def send_file(
    client: httpx.AsyncClient, url: str, content: bytes, *, headers: dict[str, str] | None = None, kind: str = CSV
) -> Imported:
    """Send a file, follow its job to the end by its events, and fetch what was wrong with single rows."""
    sent = {"content-type": kind, "idempotency-key": str(uuid.uuid4()), **(headers or {})}
    accepted = await client.post(url, content=content, headers=sent)
    assert accepted.status_code == 202, accepted.text
    job = accepted.headers["location"]
    async with client.stream("GET", f"{job}/events", headers=headers) as events:
        async for _ in events.aiter_lines():
            pass
    ended = (await client.get(job, headers=headers)).json()
    lines = (await client.get(f"{job}/problems", headers=headers)).text.splitlines()
    rows = [json.loads(line) for line in lines]
    return Imported(ended, [(row["line"], row["pointer"], row["code"]) for row in rows])


def csv(*rows: str, encoding: str = "utf-8") -> bytes:
    """Lines of a semicolon-separated file."""
    return "\r\n".join([*rows, ""]).encode(encoding)
