"""Which headers an endpoint sends, derived from the functions that it reaches."""

import dis
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from services.chassis.describing.headers import HEADERS

_BY_LOWER = {name.lower(): name for name in HEADERS}
# Where answers are made: endpoints, and the rooms of the chassis that use HTTP.
_SPEAKING = (".endpoints", "services.chassis.")
# They read requests, and name headers of requests.
_ASKING = (
    "services.chassis.ground.",
    "services.chassis.data.",
    "services.chassis.trust.",
)
_MEMBERS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})


def headers_sent(endpoint: Callable[..., Any]) -> set[str]:
    """The headers of HEADERS that are named in the code that makes the answer."""
    visited_codes: set[CodeType] = set()
    return {
        name
        for code in _codes_reached(endpoint, visited_codes)
        for name in _headers_in(code)
    }


def _codes_reached(function: Any, visited_codes: set[CodeType]) -> Iterator[CodeType]:
    function = inspect.unwrap(function)
    if isinstance(function, MethodType):
        function = function.__func__
    if not isinstance(function, FunctionType) or not _speaks(function.__module__):
        return
    code = function.__code__
    if code in visited_codes:
        return
    visited_codes.add(code)
    yield code
    for each in _values_used(function):
        yield from _codes_reached(each, visited_codes)


def _values_used(function: FunctionType) -> Iterator[Any]:
    """The values a function uses by a global name, or by a member of a module."""
    names, members = _names(function.__code__)
    for value in (function.__globals__.get(name) for name in names):
        if isinstance(value, ModuleType):
            yield from (getattr(value, name, None) for name in members)
        elif isinstance(value, type):
            yield vars(value).get("__init__")
        else:
            yield value
    # Values of a factory: an endpoint of the chassis is made for each service.
    yield from (cell.cell_contents for cell in function.__closure__ or ())


def _speaks(module: str) -> bool:
    return module.endswith(_SPEAKING[0]) or (
        module.startswith(_SPEAKING[1]) and not module.startswith(_ASKING)
    )


@cache
def _names(code: CodeType) -> tuple[frozenset[str], frozenset[str]]:
    """The global names in a function, and the names of members of anything."""
    # By the instruction: a member may have the name of a global of the same module.
    instructions = [
        (each.opname, str(each.argval)) for each in dis.get_instructions(code)
    ]
    names = {name for opname, name in instructions if opname == "LOAD_GLOBAL"}
    members = {name for opname, name in instructions if opname in _MEMBERS}
    for inner in _inside(code):
        inner_names, inner_members = _names(inner)
        names |= inner_names
        members |= inner_members
    return frozenset(names), frozenset(members)


def _headers_in(code: CodeType) -> Iterator[str]:
    """The headers that stand in a function as constants."""
    for constant in _constants(code.co_consts):
        if isinstance(constant, str) and constant.lower() in _BY_LOWER:
            yield _BY_LOWER[constant.lower()]
    for each in _inside(code):
        yield from _headers_in(each)


def _constants(constants: Any) -> Iterator[Any]:
    for each in constants:
        if isinstance(each, tuple | frozenset):
            yield from _constants(each)
        else:
            yield each


def _inside(code: CodeType) -> Iterator[CodeType]:
    return (each for each in code.co_consts if isinstance(each, CodeType))
