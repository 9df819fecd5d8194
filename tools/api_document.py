"""The API documents that are committed: `python -m tools.api_document [--write]`.

docs/openapi.json is the merged one, as the gateway publishes it; docs/api/<service>.json is the part of one service;
docs/asyncapi.json has the events of all of them.
Without an argument they are compared with the code, so that every change of the contract is seen, and Spectral lints
the merged one where npm is installed. With `--write` they are written again.
"""

import json
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from gateway.asyncapi import merge_events
from gateway.openapi import merge
from gateway.settings import SERVICES
from gateway.views.document import views_document
from onebox.stack import services_here
from services.chassis.describing.catalogues import event_catalogue

ROOT = Path(__file__).resolve().parents[1]
MERGED = ROOT / "docs/openapi.json"
PARTS = ROOT / "docs/api"
EVENTS = ROOT / "docs/asyncapi.json"
SPECTRAL = ROOT / "tools/spectral"


def _here() -> list[str]:
    # In the order in which the gateway merges them: of two schemas with one name the first keeps it.
    return sorted(services_here(), key=SERVICES.index)


def _parts() -> dict[str, dict[str, Any]]:
    parts = {name: import_module(f"services.{name}.main").app.openapi() for name in _here()}
    return {**parts, "views": views_document()}


def event_document() -> dict[str, Any]:
    """The catalogue of events, as the gateway publishes it."""
    feeds = {name: import_module(f"services.{name}.events").EVENTS for name in _here()}
    words = {name: ROOT / "services" / name / "words.txt" for name in feeds}
    return merge_events({name: event_catalogue(name, feed, words[name]) for name, feed in feeds.items()})


def document() -> dict[str, Any]:
    """The merged document, as the gateway publishes it."""
    return merge(_parts(), [])


def documents() -> dict[Path, str]:
    """The expected text of every committed document by path: one member a line, so that a diff shows each change."""
    parts = _parts()
    contents: dict[Path, dict[str, Any]] = {MERGED: merge(parts, []), EVENTS: event_document()}
    contents |= {PARTS / f"{name}.json": merge({name: part}, []) for name, part in parts.items()}
    return {path: json.dumps(content, ensure_ascii=False, indent=1) + "\n" for path, content in contents.items()}


def outdated(texts: dict[Path, str]) -> list[Path]:
    """The committed documents that differ from the expected `texts`, and those of removed services."""
    differing = [path for path, text in texts.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return differing + [path for path in PARTS.glob("*.json") if path not in texts]


def write(texts: dict[Path, str]) -> None:
    """Write every outdated document, and remove those of removed services."""
    PARTS.mkdir(exist_ok=True)
    for path in outdated(texts):
        if path in texts:
            path.write_text(texts[path], encoding="utf-8")
        else:
            path.unlink()


def lint() -> int:
    """Spectral's exit code; 0, with a message, where Spectral cannot be installed."""
    npm = shutil.which("npm")
    if npm is None:
        sys.stdout.write("API document: not linted, there is no npm here\n")
        return 0
    if not (SPECTRAL / "node_modules").exists():
        # Without scripts: no package runs code of its own during the installation.
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        if subprocess.run([npm, "ci", *quiet], cwd=SPECTRAL, check=False).returncode:
            sys.stdout.write("API document: not linted, npm cannot install Spectral here\n")
            return 0
    program = SPECTRAL / "node_modules/.bin/spectral"
    rules = ["--ruleset", str(SPECTRAL / "ruleset.yaml"), "--fail-severity=warn"]
    command: list[str | Path] = [program, "lint", MERGED, EVENTS, *rules]
    return subprocess.run(command, check=False).returncode


def main(arguments: list[str]) -> int:
    """The exit code: 0 when the committed documents are up to date and clean."""
    texts = documents()
    if "--write" in arguments:
        write(texts)
        return 0
    differing = [str(path.relative_to(ROOT)) for path in outdated(texts)]
    if differing:
        sys.stdout.write(
            f"not what the code makes: {', '.join(differing)}; `make openapi`, then look at the difference\n"
        )
        return 1
    return lint()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
