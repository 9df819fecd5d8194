"""Cases that were worked on elsewhere, as somebody enters them here."""

import copy
import uuid
from typing import Any

import httpx

from services.casework.taken_cases.schemas import EXAMPLE

Made = dict[str, Any]


def taken(**facts: Any) -> Made:
    """The documented example with other facts: `plan={"author": …}` changes that field of the plan alone."""
    case: Made = copy.deepcopy(dict(EXAMPLE))
    for name, value in facts.items():
        case[name] = case[name] | value if isinstance(value, dict) else value
    return case


async def sent(client: httpx.AsyncClient, *items: Any, key: str | None = None) -> httpx.Response:
    """The answer to these many at once."""
    headers = {"idempotency-key": key or str(uuid.uuid4())}
    return await client.post("/v1/casework/cases:batch", json={"items": items}, headers=headers)
