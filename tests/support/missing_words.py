"""Where refusals name what is missing, read from the code, and the words for it."""

import ast
import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path

from services.chassis.ground import problems
from services.chassis.ground.problems import Problem
from tests.support.services import module_of
from tests.support.sources import ROOT, called, nodes

Codes = Mapping[str, Iterable[str]]
"""The codes that each file of a service may name as missing, by its path."""


def assert_all_named(service: str, codes: Codes) -> None:
    """The table holds every file that names what is missing, and each code has words."""
    literals = _literals_by_file(service)
    assert codes.keys() == literals.keys()
    for place, found in literals.items():
        assert found <= {*codes[place]}, f"{place} names more than the table says"
    listed = {code for found in codes.values() for code in found}
    # The service's own words: those of another are not loaded beside them.
    words = module_of(service, "problems").MISSING
    assert listed - words.keys() == set()
    assert not [code for code in listed if not all(words[code]) or len({*words[code]}) < len(words[code])]


def _literals_by_file(service: str) -> dict[str, set[str]]:
    """The files that give a refusal `missing`, each with the codes that it spells out."""
    folder = ROOT / "services" / service
    kinds = _kinds(service)
    found = dict[str, set[str]]()
    for path in sorted(folder.rglob("*.py")):
        given = [
            keyword.value
            for call, name in called(path)
            if name in kinds
            for keyword in call.keywords
            # Also what is handed on as a dictionary of this name.
            if "missing" in (keyword.arg, ast.unparse(keyword.value))
        ]
        if given:
            found[str(path.relative_to(folder))] = {
                constant.value
                for value in [*given, *_appended(path)]
                for constant in ast.walk(value)
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
            }
    return found


def _appended(path: Path) -> list[ast.expr]:
    """What is put into, or added to, a list on its way to a refusal."""
    lists = {"missing", "names", "lacking", "needs"}
    added = [
        call.args[0]
        for call, name in called(path)
        if name == "append" and isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in lists
    ]
    assigned = [node for node in nodes(path) if isinstance(node, ast.Assign | ast.AnnAssign)]
    set_to = [
        part
        for node in assigned
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if node.value is not None and ast.unparse(target) in lists
        for part in ast.walk(node.value)
        if isinstance(part, ast.List)
    ]
    return [*added, *set_to]


def _kinds(service: str) -> set[str]:
    modules = (problems, module_of(service, "problems"))
    return {
        name
        for module in modules
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Problem)
    }
