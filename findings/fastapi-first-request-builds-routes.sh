#!/usr/bin/env bash
# FastAPI: the routes of an included router are built by the first request, while everybody waits.
# Expected: `include_router` builds them, so that a process which has started is ready, and a
#   program loaded before it forks has that behind it in every fork.
# Happens: it keeps the router aside. The start, with its lifespan, builds nothing; the first
#   request that matches nothing before the router builds every route of it once more, in one
#   go on the event loop, also when its own address is not there at all. A probe that is
#   declared on the application itself is answered before, and says that all is well.
# Seen in: FastAPI 0.165.0 with Starlette 1.10.0.
# So: look for a route before serving (`fastapi.routing.iter_route_contexts(app.routes)`, the
#   last case below), or let the probe ask an address behind the router.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fastapi==0.165.0 starlette==1.10.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
from importlib.metadata import version

import fastapi.routing

MANY, built, plain = 200, [], fastapi.routing.get_dependant
# FastAPI calls it for every route that it builds.
fastapi.routing.get_dependant = lambda **given: built.append(1) or plain(**given)


def application() -> fastapi.FastAPI:
    """A probe of its own, and a router with many routes."""
    router, app = fastapi.APIRouter(), fastapi.FastAPI()
    for number in range(MANY):
        router.add_api_route(f"/{number}", lambda: {})
    app.add_api_route("/alive", lambda: {})
    app.include_router(router, prefix="/v1")
    return app


async def told(app: fastapi.FastAPI) -> list[tuple[str, int, int]]:
    """Of three requests the address, the status, and how many routes were built for it."""
    asked = []
    for path in ("/alive", "/nowhere", "/v1/7"):
        before, said = len(built), []
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
        await app(scope, lambda: None, lambda message: asyncio.sleep(0, said.append(message.get("status"))))
        asked.append((path, said[0], len(built) - before))
    return asked


as_it_is, ready = asyncio.run(told(application())), application()
list(fastapi.routing.iter_route_contexts(ready.routes))
later = asyncio.run(told(ready))
print("fastapi", version("fastapi"), "starlette", version("starlette"))
print("address, status and routes built, one request after another:", as_it_is)
print("the same where a route was looked for before:", later)
assert as_it_is == [("/alive", 200, 0), ("/nowhere", 404, MANY), ("/v1/7", 200, 0)], "built at another moment"
assert later == [("/alive", 200, 0), ("/nowhere", 404, 0), ("/v1/7", 200, 0)]
PYTHON
