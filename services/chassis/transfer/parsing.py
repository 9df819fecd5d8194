"""The parser beside the service: it gets an order and a file, and answers in frames."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from services.chassis.background.child_processes import Child, child_process
from services.chassis.tabular.rows import Finding
from services.chassis.transfer.files import Broken, Order

MOST_ROW_PROBLEMS = 10_000


class Progress(Protocol):
    """Holds how far the parser has come."""

    done: int
    total: int | None


class Parsed:
    """The output of the parser for a file: COPY data, problems of rows, progress."""

    def __init__(self, output: asyncio.StreamReader, progress: Progress) -> None:
        self.output, self.progress = output, progress
        self.problems: list[Finding] = []
        self.columns: dict[str, int] = {}
        self.read = self.rejected = 0
        self.ended = False

    async def copied(self, rows: int | None = None) -> AsyncIterator[bytes]:
        """COPY data of about `rows` rows, or all; `ended` when the parser has no more.

        Broken when the parser refuses the file.
        """
        last = None if rows is None else self.progress.done + rows
        while last is None or self.progress.done < last:
            try:
                head = await self.output.readexactly(5)
                payload = await self.output.readexactly(int.from_bytes(head[1:], "big"))
            except asyncio.IncompleteReadError:
                raise Broken("too_complex") from None
            if head[:1] == b"C":
                yield payload
            elif head[:1] == b"E":
                self.read, self.rejected = json.loads(payload)
                self.progress.done = self.progress.total = self.read
                self.ended = True
                return
            else:
                self._keep(head[:1], payload)

    def _keep(self, kind: bytes, payload: bytes) -> None:
        if kind == b"F":
            facts = json.loads(payload)
            raise Broken(facts.pop("reason"), **facts)
        if kind == b"X":
            raise RuntimeError(payload.decode())
        if kind == b"P":
            room = MOST_ROW_PROBLEMS - len(self.problems)
            self.problems += [Finding(*values) for values in json.loads(payload)[:room]]
        elif kind == b"H":
            self.columns = json.loads(payload)
        elif kind == b"T":
            self.progress.total = int(payload)
        else:
            self.progress.done = int(payload)


@asynccontextmanager
async def parser_process(rule: str) -> AsyncIterator[Child]:
    """A parser that gets ready for a rule (`module:name`); it ends with the block."""
    module, _, _ = rule.partition(":")
    child = await child_process(module, "services.chassis.transfer.parser")
    try:
        yield child
    finally:
        await child.process.end()


@asynccontextmanager
async def parsed(
    child: Child, order: Order, parts: AsyncIterator[bytes], progress: Progress
) -> AsyncIterator[Parsed]:
    """The parser working on a file that is given in parts."""

    async def feed() -> None:
        child.stdin.write(json.dumps(order._asdict()).encode() + b"\n")
        async for part in parts:
            child.stdin.write(part)
            await child.stdin.drain()
        child.stdin.close()

    feeding = asyncio.create_task(feed())
    try:
        yield Parsed(child.stdout, progress)
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
