"""The merged API document, as the gateway publishes it: `python -m tools.api_document [--write]`.

Without an argument it is compared with the committed docs/openapi.json, so that no change of the contract goes unseen,
and linted by Spectral where npm is there. With `--write` the committed document is written anew.
"""

import json
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from gateway.openapi import merge
from onebox.stack import services_here

ROOT = Path(__file__).resolve().parents[1]
COMMITTED = ROOT / "docs/openapi.json"
SPECTRAL = ROOT / "tools/spectral"


def document() -> dict[str, Any]:
    """The document of all services of this repository."""
    apps = {name: import_module(f"services.{name}.main").app for name in services_here()}
    merged: dict[str, Any] = merge({name: app.openapi() for name, app in apps.items()}, [])
    return merged


def rendered() -> str:
    """The document as it is committed: one member a line, so that a change is seen line by line."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def is_as_committed() -> bool:
    """Whether the committed document is the one that the code makes."""
    return COMMITTED.exists() and COMMITTED.read_text(encoding="utf-8") == rendered()


def lint() -> int:
    """Spectral's exit code; 0, with a word about it, where it cannot be had."""
    npm = shutil.which("npm")
    if npm is None:
        sys.stdout.write("API document: not linted, there is no npm here\n")
        return 0
    if not (SPECTRAL / "node_modules").exists():
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        if subprocess.run([npm, "ci", *quiet], cwd=SPECTRAL, check=False).returncode:
            sys.stdout.write("API document: not linted, npm cannot install Spectral here\n")
            return 0
    program = SPECTRAL / "node_modules/.bin/spectral"
    rules = ["--ruleset", str(SPECTRAL / "ruleset.yaml"), "--fail-severity=warn"]
    command: list[str | Path] = [program, "lint", COMMITTED, *rules]
    return subprocess.run(command, check=False).returncode


def main(arguments: list[str]) -> int:
    """The exit code: 0 when the committed document is up to date and clean."""
    if "--write" in arguments:
        COMMITTED.write_text(rendered(), encoding="utf-8")
        return 0
    if not is_as_committed():
        sys.stdout.write("docs/openapi.json is not what the code makes: look at the difference, then `make openapi`\n")
        return 1
    return lint()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
