"""An authority whose windows are set, and its check-ins."""

from typing import Any

import httpx
import pytest

from services.training.check_ins.schemas import CHECK_IN_EXAMPLE
from tests.support.records import change
from tests.training.authorities.made import WRITER, Work, recruited, set_day, team_of
from tests.training.groups.made import Made, post

_WINDOWS = """
UPDATE authorities SET state = 'implementation_started', advisory_starts_on = '2025-01-31',
    advisory_ends_on = '2026-01-30', monitoring_starts_on = '2025-01-31', monitoring_ends_on = '2026-01-30',
    post_project_starts_on = '2027-01-01', post_project_ends_on = '2028-12-31'
"""


async def set_windows(client: httpx.AsyncClient) -> None:
    """All authorities are monitored from 31 January 2025 on."""
    await change(client, _WINDOWS)


async def monitored(client: httpx.AsyncClient) -> Made:
    """An authority with one member in its team that is monitored from 31 January 2025 on."""
    authority = await recruited(client)
    await team_of(client, authority, 1)
    await set_windows(client)
    return authority


def report(number: int = 1, **facts: Any) -> Made:
    """A monthly check-in."""
    return {**CHECK_IN_EXAMPLE, "kind": "monthly", "number": number, **facts}


async def begun(client: httpx.AsyncClient, authority: Made, patch: pytest.MonkeyPatch, day: str) -> Work:
    """The first monthly check-in, begun on a day."""
    set_day(patch, day)
    made = await post(client, f"/authorities/{authority['id']}/check-ins", report(), headers=WRITER)
    return Work(client, authority, f"check-ins/{made['id']}")
