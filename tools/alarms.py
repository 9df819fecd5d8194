"""Checks what watches the platform with Prometheus' own tool: `python -m tools.alarms`.

promtool is taken from the PATH; on Debian and its kin it is fetched once, into the user's
cache, and installed nowhere.
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
# What Grafana puts in before it asks.
VARIABLES = {"$__rate_interval": "5m", "$__range": "1h"}


def expressions() -> Iterator[str]:
    """Every question of every dashboard, as Prometheus is asked."""
    for path in sorted((FOLDER / "dashboards").glob("*.json")):
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            for target in panel.get("targets", []):
                asked: str = target["expr"]
                for name, value in VARIABLES.items():
                    asked = asked.replace(name, value)
                yield asked


def promtool() -> str:
    """Where promtool is; an error where it neither is nor can be had."""
    here = shutil.which("promtool")
    if here:
        return here
    if not FETCHED.exists():
        _fetch()
    return str(FETCHED)


def _fetch() -> None:
    with tempfile.TemporaryDirectory() as folder:
        download = ["apt-get", "--quiet", "--quiet", "download", "prometheus"]
        if subprocess.run(download, cwd=folder, check=False).returncode:
            # Where packages were never listed before.
            subprocess.run(["apt-get", "--quiet", "--quiet", "update"], check=True)
            subprocess.run(download, cwd=folder, check=True)
        [package] = Path(folder).glob("*.deb")
        subprocess.run(["dpkg", "--extract", package, folder], check=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        # Whole or not at all, if two fetch at once.
        shutil.copy2(Path(folder) / "usr/bin/promtool", f"{FETCHED}.{os.getpid()}")
        Path(f"{FETCHED}.{os.getpid()}").replace(FETCHED)


def _questions_as_rules() -> dict[str, Any]:
    asked = sorted({*expressions()})
    rules = [{"record": f"dashboard:{number}", "expr": each} for number, each in enumerate(asked)]
    return {"groups": [{"name": "dashboards", "rules": rules}]}


def main() -> int:
    """0 when promtool finds nothing wrong."""
    tool = promtool()
    with tempfile.TemporaryDirectory() as folder:
        questions = Path(folder) / "dashboards.yml"
        questions.write_text(yaml.safe_dump(_questions_as_rules()), encoding="utf-8")
        checks: list[list[str | Path]] = [
            ["check", "config", "prometheus.yml"],
            ["check", "rules", "--lint=all", "--lint-fatal", "rules.yml"],
            ["test", "rules", "rules.test.yml"],
            ["check", "rules", questions],
        ]
        ran = [subprocess.run([tool, *check], cwd=FOLDER, check=False) for check in checks]
    return max(each.returncode for each in ran)


if __name__ == "__main__":
    sys.exit(main())
