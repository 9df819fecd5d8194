"""The commands of docs/operations.md, taken out of the page as they stand there. Standard library only."""

import re
from pathlib import Path

from deploy.settings import ROOT

PAGE = ROOT / "docs/operations.md"
# `<!-- runs: NAME -->`, an empty line, and the lines of the block, each indented.
BLOCK = re.compile(
    r"^( *)<!-- runs: ([a-z ]+) -->\n\n((?:\1    .*\n|\n(?=\1    ))+)", re.MULTILINE
)


def commands(page: Path = PAGE) -> dict[str, str]:
    """Every block that is to be run, by the name that the page gives it."""
    text = page.read_text(encoding="utf-8")
    found = [
        (name, _without_indent(block, f"{indent}    "))
        for indent, name, block in BLOCK.findall(text)
    ]
    if len(found) != len(dict(found)) or len(found) != text.count("<!-- runs:"):
        raise ValueError("a block has a name that another has, or no commands")
    return dict(found)


def _without_indent(block: str, indent: str) -> str:
    return "\n".join(line.removeprefix(indent) for line in block.splitlines()) + "\n"
