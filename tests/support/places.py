"""Every address that an answer names in Location can be read."""

from collections.abc import Awaitable, Callable
from functools import cache

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

Hook = Callable[[httpx.Response], Awaitable[None]]


@cache
def places_named(app: FastAPI) -> Hook:
    """A hook of httpx that fails where an answer of this application names an address without a GET."""
    readable = [
        compile_path(route.path)[0]
        for route in iter_route_contexts(app.routes)
        if route.path and "GET" in (route.methods or ())
    ]

    async def look(answer: httpx.Response) -> None:
        if place := answer.headers.get("location"):
            path = httpx.URL(place).path
            assert any(known.match(path) for known in readable), f"nothing can be read at {path}"

    return look
