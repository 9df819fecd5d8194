"""The commands of the page are taken as they stand there, and each that an operator lives by is tried."""

import re
from pathlib import Path

import pytest

from deploy.settings import ROOT
from deploy.trial.page import PAGE, commands

TRIAL = (ROOT / "deploy/trial/__main__.py").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_a_block_is_taken_whole_and_as_it_stands(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    text = "<!-- runs: one -->\n\n    a \\\n      b\n\n    c\n\nText.\n\n    not run\n\n"
    page.write_text(f"{text}   <!-- runs: two -->\n\n       d\n")
    assert commands(page) == {"one": "a \\\n  b\n\nc\n", "two": "d\n"}


@pytest.mark.parametrize("text", ["<!-- runs: one -->\n\nText.\n", 2 * "<!-- runs: one -->\n\n    a\n\n"])
def test_a_mark_without_commands_or_of_a_known_name_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "page.md").write_text(text)
    with pytest.raises(ValueError, match="block"):
        commands(tmp_path / "page.md")


def test_every_block_of_the_page_is_tried_and_every_step_of_the_trial_is_on_the_page() -> None:
    assert set(re.findall(r'follow\("([a-z ]+)"\)', TRIAL)) == set(commands())


def test_every_verb_that_the_page_names_is_there() -> None:
    written = r"(?:`|^ {4,})(?:[A-Z]+=\S+ )*make ([a-z-]+)"
    named = set(re.findall(written, PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
