"""What stands behind gateway and nginx when passing through is measured: 2 kB of JSON as fast as uvicorn can."""

import json
from typing import Any

ITEM = {"terc": "2469", "name": "Katowice", "kind": "city_with_county_rights", "as_of": "2026-01-01"}
SHORT = json.dumps({"items": [ITEM | {"number": number} for number in range(15)]})
BODY = SHORT.ljust(2048).encode()  # spaces at the end are JSON
HEADERS = [
    (b"content-type", b"application/json"),
    (b"content-length", b"%d" % len(BODY)),
    (b"etag", b'"upstream:1"'),
    (b"cache-control", b"no-store"),
]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI without a framework."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
