"""Assessments of the tests."""

import uuid
from typing import Any

import httpx

from tests.casework.assessments.asks import ASSESSMENT
from tests.casework.people.made import tag
from tests.support.callers import call_as

ASSESSMENTS = "/v1/casework/assessments"


async def drafted(
    client: httpx.AsyncClient, case: dict[str, Any], *, by: dict[str, str] | None = None, **facts: Any
) -> dict[str, Any]:
    """A draft in this case, of the coordinator unless `by` says of whom."""
    body = {**ASSESSMENT, "case_id": case["id"], **facts}
    headers = {"idempotency-key": str(uuid.uuid4()), **(by or {})}
    answer = await client.post(ASSESSMENTS, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def moved(
    client: httpx.AsyncClient,
    assessment: dict[str, Any],
    verb: str,
    *,
    by: dict[str, str] | None = None,
    body: dict[str, Any] | None = None,
) -> httpx.Response:
    """The answer to that verb."""
    path = f"{ASSESSMENTS}/{assessment['id']}/{verb}"
    return await client.post(path, json=body, headers=tag(assessment) | (by or {}))


async def completed(
    client: httpx.AsyncClient, case: dict[str, Any], *, by: dict[str, str] | None = None, **facts: Any
) -> dict[str, Any]:
    """An assessment that is completed."""
    draft = await drafted(client, case, by=by, **facts)
    answer = await moved(client, draft, "complete", by=by)
    assert answer.status_code == 200, answer.text
    done: dict[str, Any] = answer.json()
    return done


def member(sector: str) -> dict[str, str]:
    """The headers of a member of the team; the accounts of `with_team` are called after the sectors."""
    return call_as("specialist", subject=sector, counties=[], institution=None)
