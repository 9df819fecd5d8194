"""Checks the rules and dashboards of the monitoring with Prometheus' own tool: `python -m tools.alarms`.

promtool is taken from the PATH; on Debian and its derivatives it is otherwise downloaded once into
the user's cache, without installing it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "deploy/telemetry"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "splot"
FETCHED = CACHE / "promtool"
# Variables that Grafana replaces before it queries Prometheus.
VARIABLES = {"$__rate_interval": "5m", "$__range": "1h"}


def expressions() -> Iterator[str]:
    """Every query of every dashboard, as Prometheus gets it."""
    for path in sorted((FOLDER / "dashboards").glob("*.json")):
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            for target in panel.get("targets", []):
                query: str = target["expr"]
                for name, value in VARIABLES.items():
                    query = query.replace(name, value)
                yield query


def promtool() -> str:
    """The path of promtool; CalledProcessError when its download fails, FileNotFoundError without apt-get."""
    path = shutil.which("promtool")
    if path:
        return path
    if not FETCHED.exists():
        _fetch()
    return str(FETCHED)


def _fetch() -> None:
    with tempfile.TemporaryDirectory() as folder:
        download = ["apt-get", "--quiet", "--quiet", "download", "prometheus"]
        if subprocess.run(download, cwd=folder, check=False).returncode:
            # The package lists may be missing on this machine.
            subprocess.run(["apt-get", "--quiet", "--quiet", "update"], check=True)
            subprocess.run(download, cwd=folder, check=True)
        [package] = Path(folder).glob("*.deb")
        subprocess.run(["dpkg", "--extract", package, folder], check=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        # Replaced in one step, so that two downloads at once do no harm.
        shutil.copy2(Path(folder) / "usr/bin/promtool", f"{FETCHED}.{os.getpid()}")
        Path(f"{FETCHED}.{os.getpid()}").replace(FETCHED)


def _queries_as_rules() -> dict[str, Any]:
    queries = sorted({*expressions()})
    rules = [{"record": f"dashboard:{number}", "expr": query} for number, query in enumerate(queries)]
    return {"groups": [{"name": "dashboards", "rules": rules}]}


def main() -> int:
    """0 when promtool finds nothing wrong."""
    tool = promtool()
    with tempfile.TemporaryDirectory() as folder:
        queries = Path(folder) / "dashboards.yml"
        queries.write_text(yaml.safe_dump(_queries_as_rules()), encoding="utf-8")
        checks: list[list[str | Path]] = [
            ["check", "config", "prometheus.yml"],
            ["check", "rules", "--lint=all", "--lint-fatal", "rules.yml"],
            ["test", "rules", "rules.test.yml"],
            ["check", "rules", queries],
        ]
        runs = [subprocess.run([tool, *check], cwd=FOLDER, check=False) for check in checks]
    return max(run.returncode for run in runs)


if __name__ == "__main__":
    sys.exit(main())
