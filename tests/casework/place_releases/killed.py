"""Processes that refer a child to a service and are killed on the way: `… killed ADMIN_URL KEYRING`, then `CASE STEP`.

For each line a process is forked, and how it ended is told in a line: to load it takes longer than all the rest.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from services.casework.case_referrals import actions
from services.casework.keys import opened
from services.casework.settings import CaseworkSettings
from services.chassis.data.database import Database
from tests import conftest
from tests.casework.referrals.made import send
from tests.casework.referrals.registries import FakeRegistry, playing
from tests.support.callers import call_as
from tests.support.services import app_called


def die(*_: object) -> None:
    """As if the power had failed."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class DeadlyRegistry(FakeRegistry):
    """A registry whose caller dies before or after a place is held."""

    step: str = ""

    def answer(self, request: httpx.Request) -> httpx.Response:
        """One answer, if anybody is there to hear it."""
        if request.method == "POST" and self.step == "asked":
            die()
        answer = super().answer(request)
        if request.method == "POST" and self.step == "reserved":
            die()
        return answer


async def _refer(admin_url: str, keyring: str, case_id: str, step: str) -> None:
    conftest.FILES["casework"]["keyring_file"] = Path(keyring)
    settings = conftest.settings_of("casework", admin_url)
    assert isinstance(settings, CaseworkSettings)
    app, database = app_called("casework"), Database(settings, "casework")
    conftest.prepare(app, settings, database)
    if step == "written":
        # The last that is done before the commit.
        pytest.MonkeyPatch().setattr(actions, "get_shown", die)
    transport, headers = httpx.ASGITransport(app), call_as("county_coordinator")
    with opened(settings):
        async with (
            playing(DeadlyRegistry(step=step)),
            httpx.AsyncClient(transport=transport, base_url="http://casework", headers=headers) as client,
        ):
            answer = await send(client, {"id": case_id})
            assert answer.status_code == 201, answer.text
            die()


if __name__ == "__main__":
    app_called("casework")
    for line in sys.stdin:
        process = os.fork()
        if not process:
            asyncio.run(_refer(*sys.argv[1:], *line.split()))
            sys.exit()
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])}\n")
        sys.stdout.flush()
