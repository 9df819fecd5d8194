"""How a question is read and asked with little ceremony: lists are the hottest reads.

FastAPI validates a query model field by field and solves dependencies one by one, which costs as much as the question
to the database. Both are done here in one go; the documentation is made from what the endpoint declares, as ever.
"""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from functools import cached_property
from inspect import iscoroutinefunction
from typing import Any

from fastapi import FastAPI
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.database import open_reading
from services.chassis.problems import Problem

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def query_model(field: ModelField) -> type[BaseModel] | None:
    """The model that a query parameter stands for; None when it is a single value."""
    annotation = field.field_info.annotation
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


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
            wrong = error.errors(include_url=False, include_context=False, include_input=False)
            raise RequestValidationError([{**item, "loc": ("query", *item["loc"])} for item in wrong]) from None


def with_query_reader(dependant: Dependant, repeats: Mapping[str, bool]) -> Dependant:
    """The same endpoint with its query model read in one go. `repeats`: which known parameters may be repeated."""
    models = [(field.name, model) for field in dependant.query_params if (model := query_model(field)) is not None]
    if len(models) != 1 or len(dependant.query_params) != 1:
        return dependant
    name, model = models[0]
    reader = Dependant(call=_QueryReader(model, repeats), name=name, request_param_name="request")
    return replace(dependant, query_params=[], dependencies=[*dependant.dependencies, reader])


def asked_directly(dependant: Dependant) -> Handler | None:
    """The endpoint called without FastAPI's solver, where all it takes comes of the request itself and a reading."""
    endpoint, given = dependant.call, dependant.dependencies
    if endpoint is None or _takes_more(dependant) or not all(_is_of_request(inner) for inner in given):
        return None

    async def ask(request: Request) -> Response:
        values: dict[str, Any] = {dependant.request_param_name: request} if dependant.request_param_name else {}
        async with request.app.state.database.readings() as session:
            for inner in given:
                call: Any = inner.call
                values[str(inner.name)] = session if call is open_reading else await call(request)
            answer: Response = await endpoint(**values)
            return answer

    return ask


def _takes_more(dependant: Dependant) -> bool:
    parameters = (dependant.path_params, dependant.query_params, dependant.header_params, dependant.cookie_params)
    return any((*parameters, dependant.body_params))


def _is_of_request(inner: Dependant) -> bool:
    if _takes_more(inner) or inner.dependencies or inner.name is None:
        return False
    call = inner.call
    asks = iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)
    return call is open_reading or (asks and inner.request_param_name is not None)


class ShortWay:
    """Pure ASGI middleware: a list is answered without passing the layers that only other requests need.

    Whatever is refused goes the long way again, where refusals are told and kept.
    """

    def __init__(self, app: Any, service: FastAPI) -> None:
        self.app, self.service = app, service

    @cached_property
    def handlers(self) -> dict[str, tuple[Any, Handler]]:
        """By path: the route and its handler, of every route that offers a short way."""
        routes = [(context.path, context.original_route) for context in iter_route_contexts(self.service.routes)]
        return {str(path): (route, way) for path, route in routes if (way := getattr(route, "short_way", None))}

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        found = self.handlers.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is not None:
            scope["route"], handle = found
            try:
                response = await handle(Request(scope, receive))
            except (Problem, RequestValidationError):
                pass
            else:
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)
