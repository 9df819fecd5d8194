"""What is said of a fault, and who stands between a caller and a socket."""

import asyncio
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.faults.fault import Fault, wrongs_of
from tests.faults.interposing import Mode, interposed
from tests.faults.ledger import Entry

FAULT = Fault("cut", lambda _: nullcontext(), ("read",), 1, frozenset({"upstream-unavailable"}))


def entry(status: int, problem: str = "", route: str = "read") -> Entry:
    return Entry(route, "key", 1.0, 2.0, status, problem, "")


def test_a_fault_is_felt_behind_it_alone_and_by_the_names_that_are_foreseen() -> None:
    assert wrongs_of(FAULT, [entry(503, "upstream-unavailable"), entry(201, route="create")], 0, 3) == []
    assert wrongs_of(FAULT, [entry(200)], 0, 3) == ["cut: nobody noticed anything"]
    assert wrongs_of(FAULT, [entry(500, "internal")], 0, 3) == ["cut: callers were told internal"]
    elsewhere = wrongs_of(FAULT, [entry(503, "upstream-unavailable"), entry(0, route="create")], 0, 3)
    assert elsewhere == ["cut: create is not behind it and was refused"]
    assert wrongs_of(FAULT._replace(is_felt=False), [entry(503, "internal")], 5, 9) == []


async def _asked(place: Path) -> bytes:
    reader, writer = await asyncio.open_unix_connection(place)
    writer.write(b"question\n")
    try:
        return await reader.read()
    except ConnectionResetError:
        return b"reset"
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("mode", "heard"),
    [
        (Mode.PASS, b"the answer\n"),
        (Mode.NARROW, b"the answer\n"),
        (Mode.HALF, b"the a"),
        (Mode.REFUSED, b""),
        (Mode.GARBAGE, bytes(255 - byte for byte in b"the answer\n")),
    ],
)
async def test_what_is_answered_is_passed_on_or_spoilt(tmp_path: Path, mode: Mode, heard: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"the answer\n")
        await writer.drain()
        writer.close()

    place = tmp_path / "s"
    async with await asyncio.start_unix_server(answer, place):
        async with interposed(place) as between:
            between.mode = mode
            assert await _asked(place) in {heard, b"reset" if mode is Mode.REFUSED else heard}
        assert await _asked(place) == b"the answer\n"
