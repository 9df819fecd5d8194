"""What `make slice` writes fits the house as it is today."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.services import SERVICES
from tools import slice as slices
from tools.revision import MESSAGE

NAME = "street_lanterns"


def written(service: str) -> dict[Path, str]:
    return slices.changed_for(slices.words_for(service, NAME))


@pytest.mark.parametrize("service", SERVICES)
def test_a_new_slice_uses_nothing_that_is_not_there(service: str) -> None:
    """Its imports from the chassis and the tests' support; what it brings itself stands in the files beside."""
    found = 0
    for text in slices.files_for(slices.words_for(service, NAME)).values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                ("services.chassis", "tests.support")
            ):
                module = import_module(node.module or "")
                for alias in node.names:
                    found += 1
                    if not hasattr(module, alias.name):
                        import_module(f"{node.module}.{alias.name}")
    assert found > 10


@pytest.mark.parametrize("service", SERVICES)
def test_a_new_slice_is_known_where_slices_are_named(service: str) -> None:
    texts = {str(path): text for path, text in written(service).items()}
    for path, text in texts.items():
        if path.endswith(".py"):
            ast.parse(text, path)
    assert '\n    "(street_lanterns)",\n' in texts["pyproject.toml"]
    assert re.search(r"SLICES.*= \([^)]*\n    street_lanterns,\n\)", texts[f"services/{service}/main.py"])
    assert re.search(r"SLICES.*= \([^)]*\n    street_lanterns,\n\)", texts[f"tests/{service}/test_permissions.py"])
    assert "class StreetLanternNotFound(Problem):" in texts[f"services/{service}/problems.py"]
    permissions = texts[f"services/{service}/permissions.py"]
    granted = re.search(rf'"{service}:write": (.+)', permissions)
    assert granted
    assert "P.EDIT_STREET_LANTERNS: Reach.OWN_COUNTIES" in granted[1]
    demands = texts[f"services/{service}/demands.py"]
    assert "CanReadStreetLanterns = Annotated[Caller, requires(Permission.READ_STREET_LANTERNS)]" in demands


def test_a_place_that_is_gone_is_said_and_not_passed_over() -> None:
    with pytest.raises(LookupError):
        slices.inserted("READ_EVENTS", r"(?=^    READ_EVENTS = )", "anything")


def test_a_thing_is_named_in_one_and_many() -> None:
    words = slices.words_for("registry", "street_galleries")
    assert {words[key] for key in ("one", "Thing", "Things", "address", "kind")} == {
        "street_gallery",
        "StreetGallery",
        "StreetGalleries",
        "street-galleries",
        "street-gallery",
    }


@pytest.mark.parametrize(
    ("message", "is_one"), [("add closed_at to sites", True), ("x", False), ("Add it", False), ("add it; now", False)]
)
def test_a_revision_is_named_by_a_verb_and_its_object(message: str, is_one: bool) -> None:
    assert bool(MESSAGE.fullmatch(message)) is is_one
