"""The rules of the house for slices: their files, their names, their clock and their SQL."""

import ast
import re
from pathlib import Path

from services.chassis.ground import scalars
from tests.support.rules import of_every
from tests.support.sources import ROOT, called, functions, imported, nodes, place, slice_files, slices, sources

SLICE_FILES = {"__init__", "models", "schemas", "rules", "statements", "queries", "actions", "endpoints"}
# What only one slice needs beside the agreed files; each with its reason.
SLICE_OWN_FILES = {
    # A document is set by typst from a template, in a process of its own.
    "casework/plan_documents": {"drawing.py", "plan.typ", "typesetting.py"},
    "casework/person_copies": {"copy.typ", "typesetting.py"},
    "casework/paper": {"page.typ", "typesetting.py"},
    "screening/screening_documents": {"drawing.py", "result.typ", "typesetting.py"},
    "training/certificate_documents": {"certificate.typ", "drawing.py", "typesetting.py"},
    "training/indicators": {"drawing.py"},
}
# What several slices decide by or ask, and nobody keeps or is shown.
WITHOUT_ADDRESS = {"casework/county_task_sources", "casework/laws", "casework/paper", "casework/task_sources"}
EMPTY_VERBS = ("update_", "process_", "handle_", "manage_", "do_")


EXECUTING = {
    "text", "literal_column", "execute", "executemany", "exec", "exec_driver_sql",
    "fetch", "fetchrow", "fetchval", "scalar", "scalars", "stream",
}  # fmt: skip


CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}


def is_put_together(part: ast.expr) -> bool:
    """Whether it is a string made of others: formatted, added, joined, replaced."""
    if isinstance(part, ast.JoinedStr | ast.BinOp):
        return True
    called_on = part.func if isinstance(part, ast.Call) else None
    return isinstance(called_on, ast.Attribute) and called_on.attr in {"format", "format_map", "join", "replace"}


@of_every(slices(), place)
def test_a_slice_holds_only_the_agreed_files(slice_: Path) -> None:
    files = {path.name for path in slice_.iterdir() if path.is_file()}
    own = SLICE_OWN_FILES.get(str(slice_.relative_to(ROOT / "services")), set())
    assert "__init__.py" in files <= {f"{stem}.py" for stem in SLICE_FILES} | own
    # A noun that only other slices write and read has no address.
    assert files & {"endpoints.py", "actions.py"} or str(slice_.relative_to(ROOT / "services")) in WITHOUT_ADDRESS
    folders = {path.name for path in slice_.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= {"rules"}
    assert not (folders and (slice_ / "rules.py").exists())


@of_every(slice_files("rules"), place)
def test_rules_read_no_clock_and_no_environment(path: Path) -> None:
    attributes = [node for node in nodes(path) if isinstance(node, ast.Attribute)]
    handed_on = {node.attr for node in attributes if re.search(r"\b(date|datetime|clock)$", ast.unparse(node.value))}
    assert not ({name for _, name in called(path)} | handed_on) & CLOCKS
    assert not {name.split(".")[0] for name in imported(path)} & {"os", "random", "secrets", "time", "asyncio"}
    assert not {name for name in imported(path) if name.startswith("services.chassis.ground.clock")}


@of_every(slice_files("queries"), place)
def test_a_query_says_by_its_name_what_it_answers(path: Path) -> None:
    """Whatever asks the database: `get_` raises, `find_` may be None, `list_` pages, `_is_` is yes or no."""
    asking = {node.name for node in functions(path) if isinstance(node, ast.AsyncFunctionDef)}
    known = re.compile(r"_|(get|find|list|count|stream|lock|require)_|.+_(is|are|has|have|exists?)(_|$)")
    assert not {name for name in asking if not known.match(name)}


@of_every(slice_files("actions", "endpoints"), place)
def test_a_verb_is_one_of_the_domain(path: Path) -> None:
    assert not {node.name for node in functions(path) if node.name.startswith(EMPTY_VERBS)}


@of_every(slice_files("actions", "queries", "endpoints", "models"), place)
def test_sql_is_never_put_together_from_what_a_caller_sends(path: Path) -> None:
    """Where a request is at hand, no statement is made of a formatted or an added string; parameters are bound."""
    for function in functions(path):
        made = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
            and node.value
            and is_put_together(node.value)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        for call, name in called(function):
            if name in EXECUTING:
                given = [*call.args, *[keyword.value for keyword in call.keywords]]
                assert not [part for part in given if is_put_together(part) or getattr(part, "id", "") in made]


@of_every(sources("services"), place)
def test_a_bound_is_written_where_it_holds(path: Path) -> None:
    """`x: Count = Field(ge=1)` keeps the bounds of Count; `x: Annotated[Count, Field(ge=1)]` has its own."""
    bounded = {"Count", "Whole", "Number"}
    assert bounded <= vars(scalars).keys()
    for node in nodes(path):
        if isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name) and node.annotation.id in bounded:
            given = node.value.keywords if isinstance(node.value, ast.Call) else []
            assert not {keyword.arg for keyword in given} & {"ge", "gt", "le", "lt", "multiple_of"}
