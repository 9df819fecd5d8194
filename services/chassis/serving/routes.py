"""What every endpoint has: the JSON boundary, strict queries, one answer for a key."""

from collections.abc import Callable, Container, Sequence
from enum import Enum
from functools import cached_property, partial
from inspect import signature
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, compile_path
from starlette.types import Scope

from services.chassis.data.effects import Subject
from services.chassis.fast.direct_calls import Handler, called_directly
from services.chassis.ground.bodies import (
    field_errors,
    parse_json_object,
    require_json,
    require_length,
)
from services.chassis.ground.correlation import trace_id
from services.chassis.ground.outcomes import refusal_of
from services.chassis.ground.parameters import known_parameters
from services.chassis.ground.problems import (
    ContentTooLarge,
    FieldError,
    Internal,
    MalformedJson,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
    UnsupportedMediaType,
    ValidationFailed,
)
from services.chassis.trust.callers import Caller
from services.chassis.web import idempotency
from services.chassis.web.answers import request_terms

Endpoint = Callable[..., Any]


def is_conditional(route: APIRoute) -> bool:
    """Whether an endpoint reads If-None-Match."""
    return any(inner.call is request_terms for inner in route.dependant.dependencies)


class ParsedRequest(Request):
    """A request whose JSON body has been checked."""

    async def body(self) -> bytes:
        """The bytes of the body."""
        content: bytes = self.scope.get("splot.body", b"")
        return content

    async def json(self) -> Any:
        """The parsed body."""
        return self.scope["splot.json"]


class Route(APIRoute):
    """An endpoint of a service. Until its first use it is an address and no more.

    What FastAPI makes of its declaration (fields, models, handlers) is made at the
    first use: 23 KB an endpoint, and most are not called on most days.
    """

    short_way: Handler | None
    """For ShortWay: the whole handler, if the endpoint can be called directly."""

    def __init__(self, path: str, endpoint: Endpoint, **options: Any) -> None:
        options["generate_unique_id_function"] = operation_id
        self._make = partial(super().__init__, path, endpoint, **options)
        self.path, self.endpoint = path, endpoint
        self.name = options.get("name") or endpoint.__name__
        self.methods = {method.upper() for method in options["methods"]}
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)

    def __getattr__(self, name: str) -> Any:
        """Make the rest and return an attribute. Python calls this for a missing one."""
        make = vars(self).pop("_make", None)
        if make is None:
            raise AttributeError(name)
        make()
        return getattr(self, name)

    @cached_property
    def stem(self) -> str:
        """The constant beginning of the endpoint's addresses."""
        return self.path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the request is for this endpoint."""
        return (
            # FastAPI alone would try the pattern of every endpoint.
            super().matches(scope) if self.stem in scope["path"] else (Match.NONE, {})
        )

    def get_route_handler(self) -> Handler:
        """FastAPI's handler, with the boundary before it and the kept answer after."""
        repeats = known_parameters(self.dependant)
        fastapi_handler = super().get_route_handler()
        direct_handler = called_directly(self.dependant, repeats)
        takes_json = self.body_field is not None
        others = (self.openapi_extra or {}).get("requestBody", {}).get("content", {})

        async def guarded(request: Request) -> Response:
            _check_query(request, repeats)
            if takes_json:
                await _read_json(request, others)
                request = ParsedRequest(request.scope, request.receive)
            elif not others and not _has_file(request):
                # An empty body is a body too: a repeat is recognized by it. The digest
                # of a file is set by its reader.
                request.scope["splot.body"] = b""
            # Read at each request: settings exist only after routes.
            if direct_handler and not request.app.state.settings.plain_ways:
                return await direct_handler(request)
            response = await fastapi_handler(request)
            change = request.scope.get("splot.change")
            if change is not None:
                idempotency.keep_answer(change, response)
            return response

        self.short_way = guarded if direct_handler else None
        return guarded


class SliceRouter(APIRouter):
    """The endpoints of a slice: declarations, until its service makes them routes."""

    def __init__(self, prefix: str, tags: Sequence[str | Enum]) -> None:
        super().__init__(prefix=prefix, tags=list(tags))
        self._declarations: list[tuple[str, Endpoint, dict[str, Any]]] = []

    def add_api_route(self, path: str, endpoint: Endpoint, **arguments: Any) -> None:
        """Keep the declaration: the address above it is not known yet."""
        options = {
            name: value
            for name, value in arguments.items()
            if value != _DEFAULTS[name].default
        }
        self._declarations.append((path, endpoint, options))

    def build(self, app: FastAPI, below: str) -> None:
        """Make the endpoints routes of the application, below this address."""
        self.prefix = below + self.prefix
        # `include_router` would keep a second set of routes beside those of its own.
        self.routes += [
            Route(self.prefix + path, endpoint, tags=self.tags, **options)
            for path, endpoint, options in self._declarations
        ]
        app.router.routes += self.routes


_DEFAULTS = signature(APIRouter.add_api_route).parameters


def operation_id(route: APIRoute) -> str:
    """The endpoint's own name: a domain verb phrase, unique in the repository."""
    return route.name


def router(*, prefix: str = "", tags: Sequence[str | Enum] = ()) -> SliceRouter:
    """The router of a slice."""
    return SliceRouter(prefix, tags)


def _check_query(request: Request, repeats: dict[str, bool]) -> None:
    if not request.scope["query_string"]:
        return
    # Longer than the filters of any list.
    if len(request.scope["query_string"]) > 4096:
        raise MalformedRequest()
    names: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in repeats:
            raise ValidationFailed(
                # The name is the caller's own word: only a harmless one is repeated.
                FieldError("parameter", name if name.isidentifier() else "", "unknown")
            )
        if name in names and not repeats[name]:
            raise ValidationFailed(FieldError("parameter", name, "repeated"))
        # Bytes that are no UTF-8 arrive as the replacement character.
        if "\0" in value or "\ufffd" in value:
            raise ValidationFailed(
                FieldError("parameter", name, "not_allowed_character")
            )
        names.add(name)


def _has_file(request: Request) -> bool:
    """Whether there is a body that is no JSON; some clients send an empty object."""
    headers = request.headers
    is_json = headers.get("content-type", "").startswith("application/json")
    has_body = headers.get("content-length", "0") != "0"
    return not is_json and (has_body or "transfer-encoding" in headers)


async def _read_json(request: Request, others: Container[str]) -> None:
    """Read and check the body before any model. `others`: media types of this route."""
    # A compressed body may unpack without end: none is read.
    if "content-encoding" in request.headers:
        raise UnsupportedMediaType()
    require_json(request.headers.get("content-type", ""), others)
    limit: int = request.app.state.settings.max_json_bytes
    require_length(request.headers.get("content-length"), limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        # A chunked body declares no length.
        if len(body) > limit:
            raise ContentTooLarge(limit_bytes=limit)
    if not body:
        raise MalformedJson()
    request.scope["splot.body"] = bytes(body)
    request.scope["splot.json"] = parse_json_object(request.scope["splot.body"])


def _methods_taken(request: Request) -> str:
    """Every method that some endpoint has at this address."""
    # FastAPI lists only those of the first matching route.
    methods: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.path and compile_path(route.path)[0].match(request.scope["path"]):
            methods |= route.methods or set()
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods))


_BY_STATUS: dict[int, type[Problem]] = {
    400: MalformedRequest,
    404: NotFound,
    405: MethodNotAllowed,
    413: ContentTooLarge,
    415: UnsupportedMediaType,
}


def render(problem: Problem, request: Request) -> Response:
    """A problem as the answer to this request."""
    headers, body = refusal_of(
        problem,
        accept_language=request.headers.get("accept-language", ""),
        trace_id=trace_id(),
        path=request.url.path,
    )
    response = Response(body, problem.status)
    response.raw_headers.extend(headers)
    return response


async def _record_denial(request: Request, problem: Problem) -> None:
    """Write an audit record of a denied access, in a statement of its own."""
    caller = request.scope.get("splot.caller") or Caller("anonymous")
    route = getattr(request.scope.get("route"), "name", "unmatched")
    async with request.app.state.database.audited(caller) as reading:
        # Without the address: it may be personal, and nothing was shown.
        reading.record(route, Subject("access"), audit_outcome=problem.slug())


def install_refusals(app: FastAPI) -> None:
    """Answer every error as a problem."""

    async def on_problem(request: Request, error: Any) -> Response:
        if error.status in {401, 403}:
            await _record_denial(request, error)
        return render(error, request)

    async def on_replay(_: Request, error: Any) -> Response:
        answer: Response = error.answer
        return answer

    async def on_invalid(request: Request, error: Any) -> Response:
        errors = field_errors(error.errors())
        # A malformed id is not found, like one that does not exist.
        malformed_path = any(detail["loc"][0] == "path" for detail in error.errors())
        return render(
            NotFound() if malformed_path else ValidationFailed(*errors), request
        )

    async def on_http(request: Request, error: Any) -> Response:
        kind = _BY_STATUS.get(error.status_code, Internal)
        response = render(kind(), request)
        if error.status_code == MethodNotAllowed.status:
            response.headers["allow"] = _methods_taken(request)
        return response

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(idempotency.Replay, on_replay)
