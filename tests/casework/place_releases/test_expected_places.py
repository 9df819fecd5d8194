"""A place that was asked for a referral that was never written is given back, whenever its process was killed."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.casework.place_releases.actions import give_places_back
from services.casework.place_releases.rules import SETTLED_AFTER
from services.chassis.ground import clock
from tests import conftest
from tests.casework.people.test_endpoints import rows
from tests.casework.referrals.made import case_with_basis, send
from tests.casework.referrals.registries import SERVICE_ID, FakeRegistry, playing
from tests.support.problems import assert_problem
from tests.support.records import app_of

ROOT = Path(__file__).parents[3]
KILLED = "tests.casework.place_releases.killed"
EXPECTED = "SELECT referral_id, due_at, attempts, given_back_at FROM place_releases"
REFERRALS = "SELECT reservation_id FROM referrals"


def set_now(patch: pytest.MonkeyPatch, now: datetime) -> None:
    patch.setattr(clock, "now", lambda: now)


@pytest.fixture(scope="module")
async def killer(admin_url: str) -> AsyncIterator[Process]:
    """What forks the processes that are killed."""
    command = [sys.executable, "-m", KILLED, admin_url, str(conftest.KEYRING)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    yield process
    # The end of its input ends it.
    await process.communicate(b"")


async def killed(killer: Process, case: dict[str, Any], step: str) -> None:
    """A process has referred the child, and was killed at that step."""
    assert killer.stdin is not None
    assert killer.stdout is not None
    killer.stdin.write(f"{case['id']} {step}\n".encode())
    assert int(await killer.stdout.readline()) == -signal.SIGKILL


async def look_again(client: httpx.AsyncClient, patch: pytest.MonkeyPatch, times: int) -> None:
    """The places that are due are given back, each time as soon as they are."""
    for _ in range(times):
        [owed] = await rows(client, EXPECTED)
        set_now(patch, owed["due_at"])
        await give_places_back(app_of(client).state.database)


@pytest.mark.parametrize(("step", "is_held"), [("asked", False), ("reserved", True), ("written", True)])
async def test_what_a_killed_process_has_reserved_is_given_back_within_minutes(
    racing_casework: httpx.AsyncClient, killer: Process, monkeypatch: pytest.MonkeyPatch, step: str, is_held: bool
) -> None:
    case, _ = await case_with_basis(racing_casework)
    began = clock.now()
    await killed(killer, case, step)
    assert await rows(racing_casework, REFERRALS) == []
    [owed] = await rows(racing_casework, EXPECTED)
    assert began + SETTLED_AFTER <= owed["due_at"] <= clock.now() + SETTLED_AFTER
    async with playing(FakeRegistry()) as registry:
        if is_held:
            held = {"id": SERVICE_ID, "version": 1, "state": "reserved", "of": str(owed["referral_id"])}
            registry.held[SERVICE_ID] = held
        await give_places_back(app_of(racing_casework).state.database)
        assert registry.asked == [], "the process may still be at work"
        await look_again(racing_casework, monkeypatch, 2)
        assert registry.states == (["released"] if is_held else [])
    assert await rows(racing_casework, EXPECTED) == []


async def test_what_was_committed_before_a_process_was_killed_keeps_its_place(
    racing_casework: httpx.AsyncClient, killer: Process
) -> None:
    case, _ = await case_with_basis(racing_casework)
    await killed(killer, case, "committed")
    [[reservation]] = await rows(racing_casework, REFERRALS)
    assert reservation is not None
    assert await rows(racing_casework, EXPECTED) == []


async def test_a_place_whose_referral_is_refused_after_it_was_reserved_is_given_back(
    racing_casework: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, basis = await case_with_basis(racing_casework)

    class Slow(FakeRegistry):
        """A registry at which a place is held while the basis is withdrawn."""

        async def answer(self, request: httpx.Request) -> httpx.Response:  # type: ignore[override]
            answer = super().answer(request)
            if request.method == "POST" and self.states == ["reserved"]:
                path, tag = f"/v1/casework/consents/{basis['id']}/withdraw", f'"{basis["id"]}:1"'
                gone = await racing_casework.post(path, headers={"if-match": tag})
                assert gone.status_code == 200, gone.text
            return answer

    async with playing(Slow()) as registry:
        assert_problem(await send(racing_casework, case), 403, "consent-required")
        assert registry.states == ["reserved"]
        await look_again(racing_casework, monkeypatch, 2)
        assert registry.states == ["released"]


async def test_a_referral_that_is_written_too_late_is_refused(
    racing_casework: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _ = await case_with_basis(racing_casework)

    class Late(FakeRegistry):
        """A registry that takes minutes."""

        def answer(self, request: httpx.Request) -> httpx.Response:
            if request.method == "POST":
                set_now(monkeypatch, clock.now() + SETTLED_AFTER / 2)
            return super().answer(request)

    async with playing(Late()) as registry:
        assert_problem(await send(racing_casework, case), 503, "resource-busy")
        await look_again(racing_casework, monkeypatch, 2)
        assert registry.states == ["released"]
    assert await rows(racing_casework, REFERRALS) == []
