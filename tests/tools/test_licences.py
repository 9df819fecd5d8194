"""No package of the lock is under a licence that would bind whoever is given a service."""

from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

from tools.licences import EXCEPTIONS, is_allowed, locked_names, refused


def test_every_package_has_a_licence_that_is_allowed() -> None:
    assert refused(distributions(), locked_names()) == {}


@pytest.mark.parametrize(
    ("told", "allowed"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("Apache-2.0 AND (MIT)", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("nothing", False),
        ("All rights reserved", False),
    ],
)
def test_all_that_is_joined_has_to_be_allowed_and_one_that_is_offered(told: str, allowed: bool) -> None:
    assert is_allowed(told) is allowed


def test_a_licence_that_is_not_allowed_is_found_and_an_exception_is_of_that_licence_alone(tmp_path: Path) -> None:
    [excepted] = EXCEPTIONS
    for name, licence in {"lantern": "AGPL-3.0-only", excepted: "Proprietary", "unlocked": "GPL-2.0-only"}.items():
        folder = tmp_path / f"{name}-1.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {name}\nVersion: 1\nLicense-Expression: {licence}\n"
        )
    made = [Distribution.at(folder) for folder in tmp_path.iterdir()]
    assert refused(made, frozenset({"lantern", excepted})) == {"lantern": "AGPL-3.0-only", excepted: "Proprietary"}
