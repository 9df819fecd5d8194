"""What an endpoint may refuse, read from the code: every problem that it or anything it calls raises."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

from sqlmodel import SQLModel

from services.chassis.ground.problems import Problem

Kinds = frozenset[type[Problem]]
Writes = Mapping[tuple[str, str], Kinds]
"""By table and statement what the database refuses."""
NOTHING: Kinds = frozenset()


class Reader(NamedTuple):
    """Follows calls within some packages, with what the database refuses to write."""

    packages: tuple[str, ...]
    writes: Writes

    def raised(self, function: Callable[..., Any], seen: frozenset[Any] = frozenset()) -> Kinds:
        """The problems that a function raises, or lets through."""
        function = inspect.unwrap(function)
        if function in seen or not isinstance(function, FunctionType):
            return NOTHING
        found = _FOUND.get((self.packages, function))
        if found is None:
            known = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
            found = frozenset(self._of(_tree(function).body, known, seen | {function}))
            _FOUND[self.packages, function] = found
        return found

    def _of(self, nodes: list[Any], known: Mapping[str, Any], seen: frozenset[Any]) -> Iterator[type[Problem]]:
        for node in nodes:
            if isinstance(node, ast.Try):
                yield from self._of_try(node, known, seen)
                continue
            yield from self._of_node(node, known, seen)
            yield from self._of([*ast.iter_child_nodes(node)], known, seen)

    def _of_try(self, node: ast.Try, known: Mapping[str, Any], seen: frozenset[Any]) -> Iterator[type[Problem]]:
        caught = tuple(
            kind
            for handler in node.handlers
            if not any(isinstance(each, ast.Raise) and each.exc is None for each in ast.walk(handler))
            for kind in _kinds(handler.type, known)
        )
        yield from (kind for kind in self._of(node.body, known, seen) if not issubclass(kind, caught))
        for handler in node.handlers:
            yield from self._of(handler.body, known, seen)
        yield from self._of([*node.orelse, *node.finalbody], known, seen)

    def _of_node(self, node: ast.AST, known: Mapping[str, Any], seen: frozenset[Any]) -> Iterator[type[Problem]]:
        if isinstance(node, ast.Raise):
            yield from _kinds(node.exc.func if isinstance(node.exc, ast.Call) else node.exc, known)
        elif isinstance(node, ast.Call):
            # What is missing is named by its problem: `change.one(statement, CaseNotFound)`.
            for argument in node.args:
                yield from _kinds(argument, known)
            yield from self._written(node, known)
        elif isinstance(node, (ast.Name, ast.Attribute)):
            value = resolve(node, known)
            followers = value if isinstance(value, list) else [value]
            for each in followers:
                if isinstance(each, FunctionType) and each.__module__.startswith(self.packages):
                    yield from self.raised(each, seen)

    def _written(self, call: ast.Call, known: Mapping[str, Any]) -> Iterator[type[Problem]]:
        name = getattr(resolve(call.func, known), "__name__", "")
        table = resolve(call.args[0], known) if call.args else None
        if name in {"insert", "update"} and isinstance(table, type) and issubclass(table, SQLModel):
            yield from self.writes.get((str(table.__tablename__), name), NOTHING)


_FOUND: dict[Any, Kinds] = {}


@cache
def _tree(function: FunctionType) -> Any:
    return ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]


def resolve(node: ast.AST | None, known: Mapping[str, Any]) -> Any:
    """What a name stands for, or an attribute of a module or a class; None for anything else."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        of = resolve(node.value, known)
        return getattr(of, node.attr, None) if isinstance(of, (ModuleType, type)) else None
    return None


def _kinds(node: ast.AST | None, known: Mapping[str, Any]) -> Iterator[type[Problem]]:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    for part in parts:
        value = resolve(part, known)
        if isinstance(value, type) and issubclass(value, Problem):
            yield value
