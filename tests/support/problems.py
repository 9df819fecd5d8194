"""What a refusal looks like."""

from typing import Any

import httpx


def assert_problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The answer is this problem, complete; its body, for a closer look."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/problems/{slug}"
    assert body["status"] == status
    assert {"title", "code", "trace_id", "instance"} <= body.keys()
    return body
