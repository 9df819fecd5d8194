"""Whoever was broken off between two statements about lists of clubs goes on with the second."""

import json
from typing import Any

import httpx

from onebox.demo.api import Api
from onebox.demo.clubs import COVERAGES, send_clubs


async def test_only_the_coverage_that_is_missing_is_stated() -> None:
    known: list[Any] = [COVERAGES[0]]
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path.rpartition('/')[2]}")
        if request.method == "POST":
            known.append(json.loads(request.content))
            return httpx.Response(201, json=known[-1])
        return httpx.Response(200, json={"items": known if "coverages" in request.url.path else [{"id": "1"}]})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://told.test") as client:
        for _ in range(2):
            await send_clubs(Api(client, "token"))
    assert known == [*COVERAGES]
    assert asked.count("POST register-coverages") == 1
    assert "POST register-report-imports" not in asked
