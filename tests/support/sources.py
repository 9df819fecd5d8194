"""The sources of the repository, as the tests of its architecture read them."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tools.weight import nodes as nodes

ROOT = Path(__file__).parents[2]
ROOMS = ("services", "gateway", "onebox", "bench", "tools", "deploy", "tests")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if "versions" not in path.parts]


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    module = nodes(path)[0]
    assert isinstance(module, ast.Module)
    return module


@cache
def tool(name: str) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][name]
    return found


def functions(path: Path) -> Iterator[Function]:
    return (node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(path: Path) -> set[str]:
    names = set[str]()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return names


def mentioned(path: Path) -> set[str]:
    """Every name and attribute that is used, called or handed on."""
    names = {node.id for node in nodes(path) if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes(path) if isinstance(node, ast.Attribute)}


def bound(path: Path) -> set[str]:
    """The names that a file gives to values: variables, fields and parameters."""
    variables = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name) and type(node.ctx) is ast.Store}
    return variables | {node.arg for node in ast.walk(tree(path)) if isinstance(node, ast.arg)}


def strings(path: Path) -> list[str]:
    constants = (node.value for node in nodes(path) if isinstance(node, ast.Constant))
    return [value for value in constants if isinstance(value, str)]


def called(where: Path | Function) -> Iterator[tuple[ast.Call, str]]:
    for node in nodes(where) if isinstance(where, Path) else ast.walk(where):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield node, name


def services() -> list[Path]:
    return sorted(path.parent for path in (ROOT / "services").glob("*/main.py"))


def slices() -> list[Path]:
    folders = [path for service in services() for path in sorted(service.iterdir()) if path.is_dir()]
    return [path for path in folders if path.name not in {"migrations", "__pycache__"}]


def slice_files(*stems: str) -> list[Path]:
    folders = {*slices()}
    inside = [path for path in sources("services") if folders & {*path.parents}]
    return [path for path in inside if {path.stem, path.parent.name} & set(stems)]


def rooms() -> list[Path]:
    found = [path.parent for path in sorted((ROOT / "services/chassis").glob("*/__init__.py"))]
    assert found
    return found
