"""The rules of the house that can be read off the source. A file that cannot be parsed fails every rule about it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.chassis.ground import scalars
from tools import weight

ROOT = Path(__file__).parents[1]
ROOMS = ("services", "gateway", "onebox", "bench", "tools", "deploy", "tests")
LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_CATALOGUE, LONGEST_FUNCTION = 300, 400, 600, 40
MOST_LINES_OF_A_ROOM = 1_500
SLICE_FILES = {"__init__", "models", "schemas", "rules", "statements", "queries", "actions", "endpoints"}
SERVICE_FILES = {"__init__", "main", "settings", "tables", "permissions", "demands", "problems", "events", "peers"}
# What several slices of one service need and no other service does; each with its name in one service only.
SERVICE_OWN_FILES = {"screening": {"charts"}, "casework": {"keys", "reads", "restoring", "rotating"}}
EMPTY_NAMES = {"utils", "helpers", "common", "misc", "base", "core", "manager", "handlers", "service"}
EMPTY_VERBS = ("update_", "process_", "handle_", "manage_", "do_")
RELATIONSHIPS = {"relationship", "Relationship", "backref", "dynamic_loader"}
# How light the code is to read, area by area (`make weight`); what is negative is the least. Enforced when switched on.
LIMITS_ARE_ENFORCED = False
LIMITS: dict[str, float] = {
    "tokens a line": 7.5,
    f"% over {weight.WIDE}": 0,
    "files too long": 0,
    "casts": 0,
    "private of others": 0,
    "comments in 100": -1.0,
    "median function": 10,
}
EXCEPTIONS: dict[str, dict[str, float]] = {}
"""Limits of a single area in place of those above, each with its reason beside it."""
EXECUTING = {
    "text", "literal_column", "execute", "executemany", "exec", "exec_driver_sql",
    "fetch", "fetchrow", "fetchval", "scalar", "scalars", "stream",
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}
# The subjects of the services, in one and many. What a scope needs (county, institution) is the chassis's own.
DOMAIN_WORDS = re.compile(
    r"(?<![a-z])(territor(y|ies)|voivodeships?|communes?|support_services?|support_networks?|memberships?|agreements?"
    r"|programmes?|appointments?|register_reports?|reconciliations?|screen(ing|er)s?|campaigns?|questionnaires?"
    r"|norm_sets?|rescor(e|ing)s?|casework|referrals?|consents?|guardian(ship)?s?|households?|pathways?|assessments?"
    r"|support_(plan|event|case)s?|recommendations?|diagnos[ie]s|pupils?|famil(y|ies)|trainings?|train(er|ee)s?"
    r"|enrolments?|attendances?|certificates?|conferences?|surveys?|indicators?|coordinators?|advisers?"
    r"|schools?|nurser(y|ies)|pesel|regon|nip|krs|rspo|wokro|pckz|kwm|kik|mwm|fers)(?![a-z])",
    re.IGNORECASE,
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if "versions" not in path.parts]


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def tool(name: str) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][name]
    return found


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(path: Path) -> set[str]:
    names = set[str]()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return names


def mentioned(path: Path) -> set[str]:
    """Every name and attribute that is used, called or handed on."""
    nodes = list(ast.walk(tree(path)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def strings(path: Path) -> list[str]:
    constants = (node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant))
    return [value for value in constants if isinstance(value, str)]


def called(where: Path | Function) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree(where) if isinstance(where, Path) else where):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield node, name


def is_put_together(part: ast.expr) -> bool:
    """Whether it is a string made of others: formatted, added, joined, replaced."""
    if isinstance(part, ast.JoinedStr | ast.BinOp):
        return True
    called_on = part.func if isinstance(part, ast.Call) else None
    return isinstance(called_on, ast.Attribute) and called_on.attr in {"format", "format_map", "join", "replace"}


def services() -> list[Path]:
    return sorted(path.parent for path in (ROOT / "services").glob("*/main.py"))


def slices() -> list[Path]:
    folders = [path for service in services() for path in sorted(service.iterdir()) if path.is_dir()]
    return [path for path in folders if path.name not in {"migrations", "__pycache__"}]


def slice_files(*stems: str) -> list[Path]:
    inside = [path for path in sources("services") if any(path.is_relative_to(slice_) for slice_ in slices())]
    return [path for path in inside if {path.stem, path.parent.name} & set(stems)]


@pytest.mark.parametrize("path", named(sources(*ROOMS)))
def test_files_and_functions_stay_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    longest = LONGEST_CATALOGUE if path.stem == "problems" and path.parent.parent.name == "services" else LONGEST_FILE
    assert lines <= (LONGEST_TEST_FILE if path.is_relative_to(ROOT / "tests") else longest)
    long = {node.name for node in functions(path) if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION}
    assert not long


@pytest.mark.parametrize("path", named(sources(*ROOMS)))
def test_a_module_name_says_what_is_inside(path: Path) -> None:
    assert not {path.stem, path.parent.name} & EMPTY_NAMES


@pytest.mark.parametrize("path", named(sources("services", "gateway", "onebox")))
def test_only_the_chassis_ends_a_transaction(path: Path) -> None:
    if not path.is_relative_to(ROOT / "services/chassis"):
        assert not {name for name in mentioned(path) if name.startswith("commit")}
        assert not {text for text in strings(path) if text.strip("; \n").upper() in {"COMMIT", "ROLLBACK"}}


@pytest.mark.parametrize("path", named(sources("services")))
def test_only_endpoints_and_the_chassis_speak_http(path: Path) -> None:
    if path.name != "endpoints.py" and not path.is_relative_to(ROOT / "services/chassis"):
        assert not {name.split(".")[0] for name in imported(path)} & {"fastapi", "starlette"}


@pytest.mark.parametrize("path", named(sources("services", "gateway")))
def test_no_middleware_buffers_what_passes(path: Path) -> None:
    assert "BaseHTTPMiddleware" not in mentioned(path) | {name.rpartition(".")[2] for name in imported(path)}
    decorators = [decorator for node in functions(path) for decorator in node.decorator_list]
    assert not [made for made in decorators if re.search(r"\.middleware\(", ast.unparse(made))], "it is one inside"


@pytest.mark.parametrize("path", named(sources("services")))
def test_no_table_fetches_rows_by_itself(path: Path) -> None:
    """A relationship asks the database where nobody sees it; every question is in queries."""
    assert not {name.rpartition(".")[2] for name in imported(path)} & RELATIONSHIPS
    assert not mentioned(path) & RELATIONSHIPS


def rooms() -> list[Path]:
    found = [path.parent for path in sorted((ROOT / "services/chassis").glob("*/__init__.py"))]
    assert found
    return found


@pytest.mark.parametrize("room", named(rooms()))
def test_a_room_of_the_chassis_stays_small_and_says_what_it_is_for(room: Path) -> None:
    """The order of the rooms is a contract of import-linter."""
    assert ast.get_docstring(tree(room / "__init__.py"))
    files = sorted(room.rglob("*.py"))
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files) <= MOST_LINES_OF_A_ROOM
    assert not [path for path in files if path.parent != room], "rooms have no rooms in them"


@pytest.mark.parametrize("path", named(sources("services/chassis")))
def test_the_chassis_knows_no_domain_word(path: Path) -> None:
    assert not {match[0] for match in DOMAIN_WORDS.finditer(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("service", named(services()))
def test_a_service_is_laid_out_as_the_house_says(service: Path) -> None:
    own = SERVICE_OWN_FILES.get(service.name, set())
    assert {path.stem for path in service.glob("*.py")} <= SERVICE_FILES | own
    assert ast.get_docstring(tree(service / "__init__.py"))
    assert (service / "migrations/env.py").exists()


@pytest.mark.parametrize("slice_", named(slices()))
def test_a_slice_holds_only_the_agreed_files(slice_: Path) -> None:
    files = {path.name for path in slice_.iterdir() if path.is_file()}
    assert "__init__.py" in files <= {f"{stem}.py" for stem in SLICE_FILES}
    # A noun that only other slices write and read has no address.
    assert files & {"endpoints.py", "actions.py"}
    folders = {path.name for path in slice_.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= {"rules"}
    assert not (folders and (slice_ / "rules.py").exists())


@pytest.mark.parametrize("path", named(slice_files("rules")))
def test_rules_read_no_clock_and_no_environment(path: Path) -> None:
    attributes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)]
    handed_on = {node.attr for node in attributes if re.search(r"\b(date|datetime|clock)$", ast.unparse(node.value))}
    assert not ({name for _, name in called(path)} | handed_on) & CLOCKS
    assert not {name.split(".")[0] for name in imported(path)} & {"os", "random", "secrets", "time", "asyncio"}
    assert not {name for name in imported(path) if name.startswith("services.chassis.ground.clock")}


@pytest.mark.parametrize("path", named(slice_files("queries")))
def test_a_query_says_by_its_name_what_it_answers(path: Path) -> None:
    """Whatever asks the database: `get_` raises, `find_` may be None, `list_` pages, `_is_` is yes or no."""
    asking = {node.name for node in functions(path) if isinstance(node, ast.AsyncFunctionDef)}
    known = re.compile(r"_|(get|find|list|count|stream|lock|require)_|.+_(is|are|has|have|exists?)(_|$)")
    assert not {name for name in asking if not known.match(name)}


@pytest.mark.parametrize("path", named(slice_files("actions", "endpoints")))
def test_a_verb_is_one_of_the_domain(path: Path) -> None:
    assert not {node.name for node in functions(path) if node.name.startswith(EMPTY_VERBS)}


@pytest.mark.parametrize("path", named(slice_files("actions", "queries", "endpoints", "models")))
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


@pytest.mark.parametrize("service", named(services()))
def test_migrations_are_numbered_without_a_gap(service: Path) -> None:
    files = sorted((service / "migrations/versions").glob("*.py"))
    assert files
    numbers = [re.fullmatch(r"(\d{4})_[a-z]+(_[a-z0-9]+)+", path.stem) for path in files]
    assert [match and match[1] for match in numbers] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    for path in files:
        constants = {
            target.id: ast.literal_eval(node.value)
            for node in tree(path).body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        number = int(path.stem[:4])
        assert constants["revision"] == path.stem[:4]
        assert constants["down_revision"] == (f"{number - 1:04d}" if number > 1 else None)


def test_every_service_and_slice_stands_in_the_import_contracts() -> None:
    contracts = tool("importlinter")["contracts"]
    for service in services():
        module = f"services.{service.name}"
        guards = [contract for contract in contracts if module in contract.get("forbidden_modules", [])]
        assert {tuple(contract["source_modules"]) for contract in guards} >= {("gateway",), ("onebox",)}
        (order,) = [contract["layers"] for contract in contracts if contract.get("containers") == [module]]
        ordered = {name for layer in order for name in re.findall(r"\w+", layer)}
        assert {slice_.name for slice_ in slices() if slice_.parent == service} <= ordered


def test_every_module_of_the_rooms_is_type_checked() -> None:
    assert set(tool("mypy")["packages"]) == set(ROOMS)
    with_code = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith(".") and any(path.rglob("*.py"))
    }
    assert with_code == set(ROOMS)


@pytest.mark.parametrize("path", named(sources("services")))
def test_a_bound_is_written_where_it_holds(path: Path) -> None:
    """`x: Count = Field(ge=1)` keeps the bounds of Count; `x: Annotated[Count, Field(ge=1)]` has its own."""
    bounded = {"Count", "Whole", "Number"}
    assert bounded <= vars(scalars).keys()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name) and node.annotation.id in bounded:
            given = node.value.keywords if isinstance(node.value, ast.Call) else []
            assert not {keyword.arg for keyword in given} & {"ge", "gt", "le", "lt", "multiple_of"}


@pytest.mark.skipif(not LIMITS_ARE_ENFORCED, reason="the limits are not switched on")
@pytest.mark.parametrize("area", weight.areas())
def test_an_area_is_light_to_read(area: str) -> None:
    heavy = weight.exceeded(weight.weigh_all(weight.sources(area)), LIMITS | EXCEPTIONS.get(area, {}))
    assert heavy == {}, "`python -m tools.weight --files` names what is heavy"


def test_weighing_finds_what_is_heavy(tmp_path: Path) -> None:
    light, heavy = tmp_path / "light.py", tmp_path / "heavy.py"
    light.write_text("# Why.\n\n\ndef one() -> int:\n    return 1\n")
    functions = "\n".join(f"def f{number}() -> None:\n" + "    pass\n" * 11 for number in range(30))
    private = "from typing import cast\nfrom lantern import _wick\n_wick._oil\ncast(int, 1)\n"
    heavy.write_text(private + f"x = [{'1, ' * 60}]\n" + f"{'x, ' * 20}x\n" * 150 + functions)
    assert weight.exceeded(weight.weigh(light), LIMITS) == {}
    assert weight.exceeded(weight.weigh(heavy), LIMITS).keys() == LIMITS.keys()
