"""The upstreams behind gateway and nginx: 2 kB of JSON.

`service` is the barest FastAPI service; no service of ours answers faster. `bare` is ASGI without a framework, as fast
as uvicorn can be. `parts` answers the requests of a view.
"""

import asyncio
import json
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response

ITEM = {"terc": "2469", "name": "Katowice", "kind": "city_with_county_rights", "as_of": "2026-01-01"}
SHORT = json.dumps({"items": [ITEM | {"number": number} for number in range(15)]})
BODY = SHORT.ljust(2048).encode()  # spaces at the end are JSON
HEADERS = [
    (b"content-type", b"application/json"),
    (b"content-length", b"%d" % len(BODY)),
    (b"etag", b'"upstream:1"'),
    (b"cache-control", b"no-store"),
]

service = FastAPI(openapi_url=None)


@service.get("/{path:path}")
async def answer(path: str) -> Response:
    """The same answer to every request."""
    del path
    return Response(BODY, headers={"etag": '"upstream:1"', "cache-control": "no-store"}, media_type="application/json")


async def bare(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The same answer without a framework."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


SLOW_SECONDS = 0.02
_NEED = {"open": 3, "overdue": 1, "average_days_waited": 9.5, "longest_days_waited": 40}
_CELL = {"sector": "education", "kind": "therapeutic"}
_OFFER = {"services": 4, "institutions": 2, "capacity": 40, "free_places": 7, "capacity_unknown": 1}
_SHARE = {"services": 4, "included_institutions": 1, "included_services": 3, "included_free_places": 5}
_REACHED = {"started": 900, "complete": 880, "positive": 90, "selected": 80, "stage_two_complete": 70}
_CAMPAIGN = {"id": "01990000-0000-7000-8000-000000000001", "label": {"pl": "Badanie", "en": "Screening"}}
_ID = "01990000-0000-7000-8000-000000000002"
PARTS: dict[str, Any] = {
    "/v1/registry/counties/2469": {
        "terc": "2469",
        "name": "Katowice",
        "kind": "city_with_county_rights",
        "voivodeship_terc": "24",
        "voivodeship_name": "śląskie",
        "population": 280_000,
        "population_on": "2025-01-01",
    },
    "/v1/registry/counties/2469/resources": {
        "institutions": [{"sector": "education", "institutions": 60}],
        "offer": [{**_CELL, **_OFFER, "average_waiting_days": 12.5, "stale": 1}] * 20,
        "missing": [_CELL] * 4,
    },
    "/v1/registry/counties/2469/network-gaps": {
        "network_id": _ID,
        "as_of": "2026-01-01",
        "offered": [{**_CELL, **_SHARE, "included_capacity_unknown": 1, "included_longest_waiting_days": 30}] * 20,
    },
    "/v1/casework/counties/2469/needs": {
        "cases": [{"state": "in_progress", "cases": 20}],
        "inbound": _NEED,
        "support": [{**_CELL, **_NEED, "recommended": 8}] * 20,
    },
    "/v1/screening/campaign-coverage": {
        "items": [
            {
                **_CAMPAIGN,
                "programme_code": "MWM",
                "state": "open",
                "is_live": True,
                "released_at": None,
                "counties": [{"county_terc": "2469", "is_suppressed": False, **_REACHED}],
            }
        ]
        * 3
    },
}
_BODIES = {path: json.dumps(part).encode() for path, part in PARTS.items()}
_REFUSAL = {"type": "/problems/database-unavailable", "title": "away", "status": 503, "code": "database_unavailable"}
_REFUSAL_BODY = json.dumps(_REFUSAL).encode()


async def parts(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The parts of a county's view: screening answers after SLOW_SECONDS, and training with 503."""
    if scope["type"] == "lifespan":
        await bare(scope, receive, send)
        return
    path = scope["path"]
    if path.startswith("/v1/screening/"):
        await asyncio.sleep(SLOW_SECONDS)
    is_known = path in _BODIES or not path.startswith("/v1/")
    kind = b"application/json" if is_known else b"application/problem+json"
    body = _BODIES.get(path, b"{}") if is_known else _REFUSAL_BODY
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200 if is_known else 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})


REFERENCE_SECONDS = 0.05
REFERENCE = [*HEADERS, (b"vary", b"Accept, Accept-Language, Prefer")]
_calls: dict[str, int] = {}


async def reference(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Reference data after REFERENCE_SECONDS. `/asked/PATH` answers with the number of requests for PATH."""
    path = scope.get("path", "")
    if scope["type"] == "lifespan" or path == "/":
        await bare(scope, receive, send)
        return
    if path.startswith("/asked/"):
        body = b"%d" % _calls.get(path.removeprefix("/asked"), 0)
        headers = [(b"content-length", b"%d" % len(body))]
    else:
        _calls[path] = _calls.get(path, 0) + 1
        await asyncio.sleep(REFERENCE_SECONDS)
        body, headers = BODY, REFERENCE
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
