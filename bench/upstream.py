"""What stands behind gateway and nginx when passing through is measured: 2 kB of JSON.

`service` is the barest service that FastAPI makes, and no service of ours answers faster; `bare` is ASGI without a
framework, as fast as uvicorn can.
"""

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
    """The same answer to every question."""
    del path
    return Response(BODY, headers={"etag": '"upstream:1"', "cache-control": "no-store"}, media_type="application/json")


async def bare(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The same by hand."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
