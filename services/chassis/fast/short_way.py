"""Endpoints called without FastAPI's solver, and found without its router.

FastAPI validates a query model field by field and solves dependencies one by one, which costs as
much as the question to the database. Both are done here in one go; the documentation is made from
what the endpoint declares, as ever.
"""

import re
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import cached_property
from inspect import iscoroutinefunction
from typing import Any, NamedTuple, cast, get_type_hints

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

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
            wrong = error.errors(
                include_url=False, include_context=False, include_input=False
            )
            raise RequestValidationError(
                [{**item, "loc": ("query", *item["loc"])} for item in wrong]
            ) from None


def _with_query_reader(dependant: Dependant, repeats: Mapping[str, bool]) -> Dependant:
    """The same endpoint with its query model read in one go. `repeats`: which known parameters may be repeated."""
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
    """The endpoint called without FastAPI's solver; None where it takes more than can be read here.

    That is the request, what stands in its path and headers, one body, a query model, and a unit
    of work. `repeats`: which known parameters may be repeated.
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
    errors: list[Any] = []
    for place, field, given_value in _values(request, dependant):
        # What is absent and optional is its default; what is absent and needed is told by the body's own check.
        if given_value is None and not field.field_info.is_required():
            values[field.name] = field.get_default()
            continue
        values[field.name], wrong = field.validate(given_value, loc=place)
        errors += wrong or []
    if errors:
        raise RequestValidationError(errors)
    return values


def _values(
    request: Request, dependant: Dependant
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Each parameter in the order in which FastAPI checks them: where it stands, its field, and what was given."""
    for field in dependant.path_params:
        yield ("path", field.alias), field, request.path_params[field.alias]
    for field in dependant.query_params:
        yield ("query", field.alias), field, request.query_params.get(field.alias)
    for field in dependant.header_params:
        yield ("header", field.alias), field, request.headers.get(field.alias)
    for field in dependant.body_params:
        yield ("body",), field, request.scope["splot.json"]


def _answers_itself(dependant: Dependant) -> bool:
    """Takes no more than the request, what is made of it, and one model as the body; makes its answer itself."""
    answer = get_type_hints(dependant.call).get("return")
    return (
        isinstance(answer, type)
        and issubclass(answer, Response)
        and not _takes_more(dependant, is_inner=False)
    )


def _is_of_request(inner: Dependant) -> bool:
    asks = iscoroutinefunction(inner.call) or iscoroutinefunction(
        type(inner.call).__call__
    )
    return (
        asks
        and inner.request_param_name is not None
        and not inner.dependencies
        and not _takes_more(inner, is_inner=True)
    )


def _takes_more(dependant: Dependant, *, is_inner: bool) -> bool:
    """Whether a dependency takes anything but the request, or the endpoint more than can be read here."""
    texts = (*dependant.query_params, *dependant.header_params)
    if is_inner:
        more = (*texts, *dependant.path_params, *dependant.body_params)
    else:
        more = (*filter(_is_hard, texts), *dependant.body_params[1:])
    return bool(
        more
        or dependant.cookie_params
        or dependant.response_param_name
        or dependant.background_tasks_param_name
        or dependant.http_connection_param_name
    )


def _is_hard(field: Any) -> bool:
    """A parameter that FastAPI itself must read: a list or a model, or one that it refuses to miss in its own words."""
    is_one = query_model(field) is None and "list[" not in str(
        field.field_info.annotation
    )
    return field.field_info.is_required() or not is_one


class _Place(NamedTuple):
    """An address of the service: its pattern, and the handler of each method that has a short way."""

    matches: Callable[[str], re.Match[str] | None]
    route: Any
    way: Handler | None


class ShortWay:
    """Pure ASGI middleware: what is called directly passes no further layer."""

    def __init__(self, app: Any, service: FastAPI) -> None:
        self.app, self.service = app, service

    @cached_property
    def places(self) -> dict[tuple[str, int, str], list[_Place]]:
        """Every route, in the order in which the framework tries them, by method, number of parts, and third part.

        The third part of an address is its slice (`/v1/casework/plans/…`), and never a parameter.
        """
        found: dict[tuple[str, int, str], list[_Place]] = {}
        for context in iter_route_contexts(self.service.routes):
            route, path = context.original_route, str(context.path)
            place = _Place(
                compile_path(path)[0].match, route, getattr(route, "short_way", None)
            )
            for method in getattr(route, "methods", None) or ():
                found.setdefault(_key(method, path), []).append(place)
        return found

    def find(self, scope: dict[str, Any]) -> tuple[Any, Handler] | None:
        """The route that is meant and its short way, with the parameters of its path in the scope; None without one."""
        path: str = scope["path"]
        for place in self.places.get(_key(scope["method"], path), ()):
            if match := place.matches(path):
                if place.way is None:
                    return None
                scope["path_params"] = match.groupdict()
                return place.route, place.way
        return None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        is_plain = scope["type"] != "http" or self.service.state.settings.plain_ways
        found = None if is_plain else self.find(scope)
        if found is None:
            await self.app(scope, receive, send)
            return
        scope["route"], handle = found
        request = Request(scope, receive)
        try:
            response = await handle(request)
        except (Problem, RequestValidationError, HTTPException, Replay) as error:
            response = await self._refuse(request, error)
        await response(scope, receive, send)

    async def _refuse(self, request: Request, error: Exception) -> Response:
        """The answer that the service gives to it on the long way too."""
        handlers: dict[Any, Any] = self.service.exception_handlers
        kind = next(kind for kind in type(error).__mro__ if kind in handlers)
        answer: Response = await handlers[kind](request, error)
        return answer


def _key(method: str, path: str) -> tuple[str, int, str]:
    parts = path.split("/", 4)
    return method, path.count("/"), parts[3] if len(parts) > 3 else ""
