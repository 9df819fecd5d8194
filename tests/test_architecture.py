"""The rules of the house that can be read off the source. A file that cannot be parsed fails every rule about it."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.rules import of_every
from tests.support.sources import (
    ROOMS,
    ROOT,
    bound,
    functions,
    imported,
    mentioned,
    place,
    rooms,
    services,
    slices,
    sources,
    strings,
    tool,
    tree,
)
from tools import weight

LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_CATALOGUE, LONGEST_FUNCTION = 300, 400, 900, 40
MOST_LINES_OF_A_ROOM = 1_500
SERVICE_FILES = {
    "__init__",
    "main",
    "settings",
    "tables",
    "permissions",
    "demands",
    "problems",
    "advice",
    "missing",
    "events",
    "headings",
    "peers",
}
# What several slices of one service need and no other service does; each with its name in one service only.
SERVICE_OWN_FILES = {
    "screening": {"charts", "chart_drawing"},
    "casework": {"keys", "reads", "restoring", "rotating"},
    "training": {"annulling", "credential_keys", "reads"},
}
EMPTY_NAMES = {"utils", "helpers", "common", "misc", "base", "core", "manager", "handlers", "service"}
# What a value is, and not what was done to it: `memberships`, not `found`.
PARTICIPLES = {"found", "held", "given", "told"}
RELATIONSHIPS = {"relationship", "Relationship", "backref", "dynamic_loader"}
# How light the code is to read, area by area (`make weight`); what is negative is the least.
OF_WIDE = f"% over {weight.WIDE}"
LIMITS: dict[str, float] = {
    "tokens a line": 7.5,
    OF_WIDE: 0,
    "files too long": 0,
    "casts": 0,
    "private of others": 0,
    "comments in 100": -3.0,
    "median function": 10,
}

EXCEPTIONS: dict[str, dict[str, float]] = {
    # What the API document shows keeps its lines.
    "services/chassis": {OF_WIDE: 0.5},
    # Titles of refusals and what the API document shows are one line, however long.
    "services/registry": {OF_WIDE: 1.3},
    "services/casework": {OF_WIDE: 0.6},
    "services/screening": {OF_WIDE: 0.02},
    # The fast ways use a private member of uvicorn (docs/decisions/0016-fast-ways.md).
    "gateway": {OF_WIDE: 0.03, "private of others": 1},
    # Not yet in the narrow shape of services.
    "onebox": {OF_WIDE: 5.9, "comments in 100": -2.0},
    # Neither are tests (tests/ruff.toml), whose names say what comments would; fakes stand behind httpx's transport.
    # Eight are longer than a file should be, and have to be parted.
    "tests": {"files too long": 9, "tokens a line": 9, OF_WIDE: 7.5, "private of others": 6, "comments in 100": -0.2},
}
"""Limits of a single area in place of those above, each with its reason beside it: they may become stricter only."""


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


@of_every(sources(*ROOMS), place)
def test_files_and_functions_stay_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    longest = LONGEST_CATALOGUE if path.stem == "problems" and path.parent.parent.name == "services" else LONGEST_FILE
    assert lines <= (LONGEST_TEST_FILE if path.is_relative_to(ROOT / "tests") else longest)
    long = {node.name for node in functions(path) if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION}
    assert not long


@of_every(sources(*ROOMS), place)
def test_a_module_name_says_what_is_inside(path: Path) -> None:
    assert not {path.stem, path.parent.name} & EMPTY_NAMES


@of_every(sources("services", "gateway", "onebox", "tools", "bench"), place)
def test_a_value_is_named_by_a_noun(path: Path) -> None:
    assert not bound(path) & PARTICIPLES


@of_every(sources("services", "gateway", "onebox"), place)
def test_only_the_chassis_ends_a_transaction(path: Path) -> None:
    if not path.is_relative_to(ROOT / "services/chassis"):
        assert not {name for name in mentioned(path) if name.startswith("commit")}
        assert not {text for text in strings(path) if text.strip("; \n").upper() in {"COMMIT", "ROLLBACK"}}


@of_every(sources("services"), place)
def test_only_endpoints_and_the_chassis_speak_http(path: Path) -> None:
    if path.name != "endpoints.py" and not path.is_relative_to(ROOT / "services/chassis"):
        assert not {name.split(".")[0] for name in imported(path)} & {"fastapi", "starlette"}


@of_every(sources("services", "gateway"), place)
def test_no_middleware_buffers_what_passes(path: Path) -> None:
    assert "BaseHTTPMiddleware" not in mentioned(path) | {name.rpartition(".")[2] for name in imported(path)}
    decorators = [decorator for node in functions(path) for decorator in node.decorator_list]
    assert not [made for made in decorators if re.search(r"\.middleware\(", ast.unparse(made))], "it is one inside"


@of_every(sources("services"), place)
def test_no_table_fetches_rows_by_itself(path: Path) -> None:
    """A relationship asks the database where nobody sees it; every question is in queries."""
    assert not {name.rpartition(".")[2] for name in imported(path)} & RELATIONSHIPS
    assert not mentioned(path) & RELATIONSHIPS


@of_every(rooms(), place)
def test_a_room_of_the_chassis_stays_small_and_says_what_it_is_for(room: Path) -> None:
    """The order of the rooms is a contract of import-linter."""
    assert ast.get_docstring(tree(room / "__init__.py"))
    files = sorted(room.rglob("*.py"))
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files) <= MOST_LINES_OF_A_ROOM
    assert not [path for path in files if path.parent != room], "rooms have no rooms in them"


def test_every_room_of_the_chassis_stands_in_the_documents_with_modules_that_it_has() -> None:
    """The table lists a room once, and modules of its own below it."""
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = page.partition("| room | to know about | look in |\n")[2].partition("\n\n")[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[1:]]
    assert sorted(room.strip("`") for room, *_ in lines if room) == sorted(room.name for room in rooms())
    folder = chassis = ROOT / "services/chassis"
    for room, _, modules in lines:
        folder = chassis / room.strip("`") if room else folder
        named = re.findall(r"`([a-z_]+)`", modules)
        # The last lines name modules that stand in no room.
        lacking = [name for name in named if not any((one / f"{name}.py").exists() for one in (folder, chassis))]
        assert named
        assert not lacking, folder.name


@of_every(sources("services/chassis"), place)
def test_the_chassis_knows_no_domain_word(path: Path) -> None:
    assert not {match[0] for match in DOMAIN_WORDS.finditer(path.read_text(encoding="utf-8"))}


@of_every(services(), place)
def test_a_service_is_laid_out_as_the_house_says(service: Path) -> None:
    own = SERVICE_OWN_FILES.get(service.name, set())
    assert {path.stem for path in service.glob("*.py")} <= SERVICE_FILES | own
    assert ast.get_docstring(tree(service / "__init__.py"))
    assert (service / "migrations/env.py").exists()


@of_every(services(), place)
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
    # The client is a package of its own, checked strictly with what is generated (tests/clients).
    assert with_code - {"clients"} == set(ROOMS)


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
