"""Which headers an endpoint sends, read off the functions that it reaches."""

import dis
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from services.chassis.describing.headers import HEADERS

_BY_LOWER = {name.lower(): name for name in HEADERS}
# Where answers are made: endpoints, and the rooms of the chassis that know of HTTP.
_SPEAKING = (".endpoints", "services.chassis.")
# They read what was asked, and name headers of requests.
_ASKING = (
    "services.chassis.ground.",
    "services.chassis.data.",
    "services.chassis.trust.",
)
_MEMBERS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})


def headers_sent(endpoint: Callable[..., Any]) -> set[str]:
    """The headers of HEADERS that are named where the answer of an endpoint is made."""
    seen: set[CodeType] = set()
    return {name for code in _reached(endpoint, seen) for name in _named(code)}


def _reached(function: Any, seen: set[CodeType]) -> Iterator[CodeType]:
    function = inspect.unwrap(function)
    if isinstance(function, MethodType):
        function = function.__func__
    if not isinstance(function, FunctionType) or not _speaks(function.__module__):
        return
    code = function.__code__
    if code in seen:
        return
    seen.add(code)
    yield code
    for each in _used(function):
        yield from _reached(each, seen)


def _used(function: FunctionType) -> Iterator[Any]:
    """What a function uses by a name, or by a name of a module that it uses."""
    names, members = _names(function.__code__)
    for found in (function.__globals__.get(name) for name in names):
        if isinstance(found, ModuleType):
            yield from (getattr(found, name, None) for name in members)
        elif isinstance(found, type):
            yield vars(found).get("__init__")
        else:
            yield found
    # What a factory gave it: an endpoint of the chassis is made for each service.
    yield from (cell.cell_contents for cell in function.__closure__ or ())


def _speaks(module: str) -> bool:
    return module.endswith(_SPEAKING[0]) or (
        module.startswith(_SPEAKING[1]) and not module.startswith(_ASKING)
    )


@cache
def _names(code: CodeType) -> tuple[frozenset[str], frozenset[str]]:
    """The global names in a function, and the names of members of anything."""
    # By the instruction: a member may be called like a global of the same module.
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


def _named(code: CodeType) -> Iterator[str]:
    """The headers that stand in a function as constants."""
    for constant in _constants(code.co_consts):
        if isinstance(constant, str) and constant.lower() in _BY_LOWER:
            yield _BY_LOWER[constant.lower()]
    for each in _inside(code):
        yield from _named(each)


def _constants(constants: Any) -> Iterator[Any]:
    for each in constants:
        if isinstance(each, tuple | frozenset):
            yield from _constants(each)
        else:
            yield each


def _inside(code: CodeType) -> Iterator[CodeType]:
    return (each for each in code.co_consts if isinstance(each, CodeType))
