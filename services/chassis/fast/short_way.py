"""Endpoints called without FastAPI's solver, and found without its router.

FastAPI validates a query model field by field and solves dependencies one by one, which
costs as much as the question to the database. Both are done here in one go; the
documentation is made from what the endpoint declares, as ever.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import cached_property
from inspect import iscoroutinefunction
from typing import Any, cast, get_type_hints

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.data.work import Reading
from services.chassis.ground.parameters import query_model
from services.chassis.ground.problems import Problem
from services.chassis.web.idempotency import Replay, keep_answer
from services.chassis.web.units import open_audited, open_change, open_reading

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _QueryReader:
    """The query parameters of a request as one model."""

    def __init__(self, model: type[BaseModel], repeats: Mapping[str, bool]) -> None:
        self.model, self.repeats = model, repeats

    async def __call__(self, request: Request) -> BaseModel:
        given: dict[str, Any] = {}
        for parameter, value in request.query_params.multi_items():
            if self.repeats[parameter]:
                given.setdefault(parameter, []).append(value)
            else:
                given[parameter] = value
        try:
            return self.model.model_validate(given)
        except ValidationError as error:
            # Without what was sent: a refusal never repeats it.
            wrong = error.errors(
                include_url=False, include_context=False, include_input=False
            )
            raise RequestValidationError(
                [{**item, "loc": ("query", *item["loc"])} for item in wrong]
            ) from None


def _with_query_reader(dependant: Dependant, repeats: Mapping[str, bool]) -> Dependant:
    """The same endpoint, its query read in one go. `repeats`: what may be repeated."""
    models = [
        (field.name, model)
        for field in dependant.query_params
        if (model := query_model(field)) is not None
    ]
    if len(models) != 1 or len(dependant.query_params) != 1:
        return dependant
    name, model = models[0]
    reader = Dependant(
        call=_QueryReader(model, repeats), name=name, request_param_name="request"
    )
    return replace(
        dependant, query_params=[], dependencies=[*dependant.dependencies, reader]
    )


def called_directly(
    documented: Dependant, repeats: Mapping[str, bool]
) -> Handler | None:
    """The endpoint called without FastAPI's solver; None where it takes more.

    More than the request, one body, a query model, and a unit of work. `repeats`: which
    known parameters may be repeated.
    """
    dependant = _with_query_reader(documented, repeats)
    units = [inner for inner in dependant.dependencies if inner.call in _OPENS]
    others = [inner for inner in dependant.dependencies if inner.call not in _OPENS]
    if (
        not _answers_itself(dependant)
        or len(units) > 1
        or not all(_is_of_request(inner) for inner in others)
    ):
        return None
    endpoint: Any = dependant.call

    async def call(request: Request) -> Response:
        values = await _given(request, dependant, others)
        if not units:
            return cast(Response, await endpoint(**values))
        async with _OPENS[units[0].call](request) as unit:
            answer: Response = await endpoint(**values, **{str(units[0].name): unit})
            # Within the unit of work, so that it is committed with the effect.
            if "splot.change" in request.scope:
                keep_answer(request.scope["splot.change"], answer)
            return answer

    return call


_OPENS: dict[Any, Callable[[Request], AbstractAsyncContextManager[Reading]]] = {
    open_reading: asynccontextmanager(open_reading),
    open_change: asynccontextmanager(open_change),
    open_audited: asynccontextmanager(open_audited),
}


async def _given(
    request: Request, dependant: Dependant, others: Sequence[Dependant]
) -> dict[str, Any]:
    values: dict[str, Any] = (
        {dependant.request_param_name: request} if dependant.request_param_name else {}
    )
    for inner in others:
        given = await cast(Any, inner.call)(request)
        if inner.name is not None:
            values[inner.name] = given
    for field in dependant.body_params:
        values[field.name] = _validated(field, request.scope["splot.json"])
    return values


def _validated(field: Any, body: Any) -> Any:
    value, errors = field.validate(body, loc=("body",))
    if errors:
        raise RequestValidationError(errors)
    return value


def _answers_itself(dependant: Dependant) -> bool:
    """Takes only the request, its derivatives and one body; makes its own answer."""
    answer = get_type_hints(dependant.call).get("return")
    return (
        isinstance(answer, type)
        and issubclass(answer, Response)
        and not _takes_more(dependant, bodies=1)
    )


def _is_of_request(inner: Dependant) -> bool:
    asks = iscoroutinefunction(inner.call) or iscoroutinefunction(
        type(inner.call).__call__
    )
    return (
        asks
        and inner.request_param_name is not None
        and not inner.dependencies
        and not _takes_more(inner, bodies=0)
    )


def _takes_more(dependant: Dependant, *, bodies: int) -> bool:
    parameters = (
        dependant.path_params,
        dependant.query_params,
        dependant.header_params,
        dependant.cookie_params,
    )
    of_framework = dependant.response_param_name, dependant.background_tasks_param_name
    return any(
        (
            *parameters,
            *of_framework,
            dependant.http_connection_param_name,
            dependant.body_params[bodies:],
        )
    )


class ShortWay:
    """What is called directly and has no parameters in its path skips other layers."""

    def __init__(self, app: Any, service: FastAPI) -> None:
        self.app, self.service = app, service

    @cached_property
    def handlers(self) -> dict[tuple[str, str], tuple[Any, Handler]]:
        """By method and path: the route and its handler, where there is a short way."""
        # At the first request: by then every route of the service is there.
        places: list[tuple[str | None, Any]] = [
            (context.path, context.original_route)
            for context in iter_route_contexts(self.service.routes)
        ]
        ways = [
            (str(path), route, way)
            for path, route in places
            if (way := getattr(route, "short_way", None))
        ]
        return {
            (method, path): (route, way)
            for path, route, way in ways
            for method in route.methods
        }

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        # Asked each time: settings are read after the layers are put together.
        is_plain = scope["type"] != "http" or self.service.state.settings.plain_ways
        found = (
            None if is_plain else self.handlers.get((scope["method"], scope["path"]))
        )
        if found is None:
            await self.app(scope, receive, send)
            return
        # For the log line, which names the route.
        scope["route"], handle = found
        request = Request(scope, receive)
        try:
            response = await handle(request)
        # Whatever else escapes is for Correlation, as on the long way.
        except (Problem, RequestValidationError, HTTPException, Replay) as error:
            response = await self._refuse(request, error)
        await response(scope, receive, send)

    async def _refuse(self, request: Request, error: Exception) -> Response:
        """The answer that the service gives to it on the long way too."""
        handlers: dict[Any, Any] = self.service.exception_handlers
        kind = next(kind for kind in type(error).__mro__ if kind in handlers)
        answer: Response = await handlers[kind](request, error)
        return answer
