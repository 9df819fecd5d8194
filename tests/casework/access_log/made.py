"""Guardians of the tests."""

import uuid
from typing import Any

import httpx

from tests.support.callers import call_as
from tests.support.records import change

GUARDIAN = call_as("guardian", subject="guardian", counties=[], institution=None)
_RELATE = "INSERT INTO relations (holder, kind, object_id, county_terc) VALUES (:holder, :kind, :object_id, '2469')"


async def guarded(client: httpx.AsyncClient, child: dict[str, Any]) -> dict[str, str]:
    """The headers of the child's guardian."""
    values = {"holder": "account:guardian", "kind": "guardian", "object_id": uuid.UUID(child["id"])}
    await change(client, _RELATE, **values)
    return GUARDIAN
