"""Endpoints called without FastAPI's dependency solver.

FastAPI validates a query model field by field and solves dependencies one by one, which
costs as much as the query to the database. Both are done here in one go; the API
document is still made from what the endpoint declares.
"""

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from inspect import iscoroutinefunction
from typing import Any, get_type_hints

from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.data.work import Reading
from services.chassis.ground.parameters import query_model
from services.chassis.web.idempotency import keep_answer
from services.chassis.web.units import (
    open_audited,
    open_change,
    open_reading,
    open_replica,
)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _QueryReader:
    """The query parameters of a request as one model."""

    def __init__(self, model: type[BaseModel], repeats: Mapping[str, bool]) -> None:
        self.model, self.repeats = model, repeats

    async def __call__(self, request: Request) -> BaseModel:
        values: dict[str, Any] = {}
        for parameter, value in request.query_params.multi_items():
            if self.repeats[parameter]:
                values.setdefault(parameter, []).append(value)
            else:
                values[parameter] = value
        try:
            return self.model.model_validate(values)
        except ValidationError as error:
            # Without the input: a refusal never repeats it.
            errors = error.errors(
                include_url=False, include_context=False, include_input=False
            )
            raise RequestValidationError(
                [{**item, "loc": ("query", *item["loc"])} for item in errors]
            ) from None


def _with_query_reader(dependant: Dependant, repeats: Mapping[str, bool]) -> Dependant:
    """The endpoint with its query read at once; `repeats` as in `called_directly`."""
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

    More than the request, texts of its path, query and headers, one body, a query model,
    and a unit of work. `repeats`: by parameter, whether it may be repeated.
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
        values = await _arguments(request, dependant, others)
        if not units:
            response: Response = await endpoint(**values)
            return response
        async with _OPENS[units[0].call](request) as unit:
            answer: Response = await endpoint(**values, **{str(units[0].name): unit})
            # Within the unit of work, so that it is committed with the effect.
            if "splot.change" in request.scope:
                keep_answer(request.scope["splot.change"], answer)
            return answer

    return call


_OPENS: dict[Any, Callable[[Request], AbstractAsyncContextManager[Reading]]] = {
    open_reading: asynccontextmanager(open_reading),
    open_replica: asynccontextmanager(open_replica),
    open_change: asynccontextmanager(open_change),
    open_audited: asynccontextmanager(open_audited),
}


async def _arguments(
    request: Request, dependant: Dependant, others: Sequence[Dependant]
) -> dict[str, Any]:
    values: dict[str, Any] = (
        {dependant.request_param_name: request} if dependant.request_param_name else {}
    )
    for inner in others:
        reader: Any = inner.call
        value = await reader(request)
        if inner.name is not None:
            values[inner.name] = value
    errors: list[Any] = []
    for place, field, value in _values(request, dependant):
        # An absent optional value is its default; the check of its field refuses an
        # absent required one.
        if value is None and not field.field_info.is_required():
            values[field.name] = field.get_default()
            continue
        values[field.name], errors_here = field.validate(value, loc=place)
        errors += errors_here or []
    if errors:
        raise RequestValidationError(errors)
    return values


def _values(
    request: Request, dependant: Dependant
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Place, field and value of each parameter, in the order FastAPI checks them."""
    for field in dependant.path_params:
        yield ("path", field.alias), field, request.path_params[field.alias]
    for field in dependant.query_params:
        yield ("query", field.alias), field, request.query_params.get(field.alias)
    for field in dependant.header_params:
        yield ("header", field.alias), field, request.headers.get(field.alias)
    for field in dependant.body_params:
        yield ("body",), field, request.scope["splot.json"]


def _answers_itself(dependant: Dependant) -> bool:
    """Whether it takes the request, its parts and one body, and returns a Response."""
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
    """Whether it takes more than is read here (for a dependency: the request)."""
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
    """Whether FastAPI must read a parameter: a list, a model, or a required one."""
    is_one = query_model(field) is None and "list[" not in str(
        field.field_info.annotation
    )
    return field.field_info.is_required() or not is_one
