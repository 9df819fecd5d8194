"""The processes that make documents: kept, replaced when they end, and never in the way of others."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.casework.plan_documents.drawing import (
    draw_plan,
    stop_drawing,
)
from services.casework.plan_documents.typesetting import plan_pdf
from services.casework.problems import DocumentUnavailable
from services.chassis.typesetting import drawing
from tests.casework.plan_documents.plans import BARE, ZOSIA
from tests.support.databases import pause


@pytest.fixture(autouse=True)
async def ended() -> AsyncIterator[None]:
    yield
    await stop_drawing()


def drawing_processes() -> set[int]:
    """Our children that draw."""
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
    children = {int(pid) for task in tasks for pid in (task / "children").read_text().split()}
    drawing_pids = set()
    for pid in children:
        # One that has ended meanwhile draws no more.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if b"plan_documents.typesetting" in Path(f"/proc/{pid}/cmdline").read_bytes():
                drawing_pids.add(pid)
    return drawing_pids


async def test_what_a_process_draws_is_what_is_drawn_here() -> None:
    assert await draw_plan(ZOSIA, "pl") == plan_pdf(ZOSIA, "pl")
    assert await draw_plan(ZOSIA, "en") == plan_pdf(ZOSIA, "en")


async def test_a_process_is_kept_and_many_plans_need_only_two() -> None:
    await draw_plan(BARE, "pl")
    first = drawing_processes()
    await draw_plan(BARE, "en")
    assert len(first) == 1
    assert drawing_processes() == first
    assert len(set(await asyncio.gather(*(draw_plan(BARE, "pl") for _ in range(6))))) == 1
    assert len(drawing_processes()) == 2


async def test_a_process_that_was_ended_is_replaced() -> None:
    await draw_plan(BARE, "pl")
    (pid,) = drawing_processes()
    os.kill(pid, signal.SIGKILL)
    drawn = asyncio.gather(draw_plan(BARE, "pl"), return_exceptions=True)
    (first,) = await drawn
    assert isinstance(first, bytes | DocumentUnavailable)
    assert await draw_plan(BARE, "pl") == plan_pdf(BARE, "pl")
    assert pid not in drawing_processes()


async def test_who_does_not_answer_in_time_is_ended_and_the_caller_told(monkeypatch: pytest.MonkeyPatch) -> None:
    await draw_plan(BARE, "pl")
    (pid,) = drawing_processes()
    os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr(drawing, "SECONDS_TO_DRAW", 0.05)
    with pytest.raises(DocumentUnavailable) as refused:
        await draw_plan(BARE, "pl")
    assert refused.value.retry_after == 5
    assert drawing_processes() == set()


async def test_a_caller_who_leaves_takes_the_half_drawn_plan_along() -> None:
    await draw_plan(BARE, "pl")
    (pid,) = drawing_processes()
    os.kill(pid, signal.SIGSTOP)
    leaving = asyncio.create_task(draw_plan(ZOSIA, "pl"))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert pid not in drawing_processes()
    assert await draw_plan(BARE, "pl") == plan_pdf(BARE, "pl")


async def test_a_process_that_nobody_needs_any_more_gives_its_memory_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "SECONDS_KEPT", 0)
    await draw_plan(BARE, "pl")
    while drawing_processes():
        await pause()
    assert await draw_plan(BARE, "pl") == plan_pdf(BARE, "pl")


async def test_nothing_draws_after_the_end() -> None:
    await draw_plan(BARE, "pl")
    await stop_drawing()
    assert drawing_processes() == set()
    await stop_drawing()
