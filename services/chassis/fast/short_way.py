"""The way to an endpoint past the framework's router and layers."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.fast.direct_calls import Handler
from services.chassis.ground.problems import Problem
from services.chassis.web.idempotency import Replay


class _Place(NamedTuple):
    """An address of the service: its pattern, and the endpoint behind it."""

    matches: Callable[[str], re.Match[str] | None]
    route: Any


class ShortWay:
    """Pure ASGI middleware: endpoints that are called directly skip other layers."""

    def __init__(self, app: Any, service: FastAPI) -> None:
        self.app, self.service = app, service

    @cached_property
    def places(self) -> dict[tuple[str, int, str], list[_Place]]:
        """Every route by method, number of parts and third part, in the framework's order.

        The third part of an address is its slice, and never a parameter:
        `/v1/<service>/<slice>/…`.
        """
        # At the first request: by then every route of the service is there.
        places: dict[tuple[str, int, str], list[_Place]] = {}
        for context in iter_route_contexts(self.service.routes):
            route: Any = context.route
            place = _Place(route.path_regex.match, route)
            for method in route.methods or ():
                places.setdefault(_key(method, route.path), []).append(place)
        return places

    def find(self, scope: dict[str, Any]) -> tuple[Any, Handler] | None:
        """The route of the request and its direct handler; None where it has none.

        The parameters of its path are put into the scope.
        """
        path: str = scope["path"]
        for place in self.places.get(_key(scope["method"], path), ()):
            if match := place.matches(path):
                # The first match counts, also where only the framework leads to it.
                handler = getattr(place.route, "short_way", None)
                if handler is None:
                    return None
                scope["path_params"] = match.groupdict()
                return place.route, handler
        return None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        # Read at each request: settings exist only after the layers are built.
        is_plain = scope["type"] != "http" or self.service.state.settings.plain_ways
        route_and_handler = None if is_plain else self.find(scope)
        if route_and_handler is None:
            await self.app(scope, receive, send)
            return
        # For the log line, which names the route.
        scope["route"], handle = route_and_handler
        request = Request(scope, receive)
        try:
            response = await handle(request)
        # Any other error is for Correlation, as on the long way.
        except (Problem, RequestValidationError, HTTPException, Replay) as error:
            response = await self._refuse(request, error)
        await response(scope, receive, send)

    async def _refuse(self, request: Request, error: Exception) -> Response:
        """The answer of the service's handler for this error, as on the long way."""
        handlers: dict[Any, Any] = self.service.exception_handlers
        kind = next(kind for kind in type(error).__mro__ if kind in handlers)
        answer: Response = await handlers[kind](request, error)
        return answer


def _key(method: str, path: str) -> tuple[str, int, str]:
    parts = path.split("/", 4)
    return method, path.count("/"), parts[3] if len(parts) > 3 else ""
