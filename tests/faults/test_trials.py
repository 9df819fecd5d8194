"""What is said of a fault, and who stands between a caller and a socket."""

import asyncio
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.faults.covered import COVERED, KILLS, STOPS
from tests.faults.fault import Fault, slowdown, wrongs_of
from tests.faults.interposing import Mode, interposed
from tests.faults.ledger import Entry
from tests.faults.routes import VIEWS
from tests.faults.trials import FAULTS

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
        (Mode.LOSSY, b"the answer\n"),
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


def test_every_trial_that_is_said_to_show_a_fault_is_there() -> None:
    named = {name for shown in COVERED.values() for name in shown.trials}
    assert named - {fault.name for fault in FAULTS} == {KILLS, STOPS}
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_views_are_answered_in_time_and_say_what_is_missing() -> None:
    fault = FAULT._replace(left_out="screening", is_felt=False)
    told = [
        entry(200, route=view.name)._replace(missing=("screening",), started=begun, ended=begun + 1)
        for view in VIEWS
        for begun in (0.5, 1.5)
    ]
    assert wrongs_of(fault, told, 0, 3) == []
    assert wrongs_of(fault, told[:2], 0, 3) == ["cut: view county was not answered"]
    whole = [told[0]._replace(missing=()), *told[1:]]
    assert wrongs_of(fault, whole, 0, 3) == ["cut: view case does not say that screening is missing"]
    late = [told[0]._replace(ended=4.5), *told[1:]]
    assert wrongs_of(fault, late, 0, 5) == ["cut: view case came after its deadline"]


def test_how_much_slower_the_others_became_is_told() -> None:
    quiet = [entry(200, route="create")._replace(started=0.1 * n, ended=0.1 * n + 0.01) for n in range(10)]
    during = [one._replace(started=one.started + 1, ended=one.ended + 1.02) for one in quiet]
    fault = FAULT._replace(quiet_seconds=1.0)
    assert slowdown(fault, [*quiet, *during], 1.0, 2.0) == {"create": pytest.approx(3.0)}
