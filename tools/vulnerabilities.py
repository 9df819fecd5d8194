"""Asks whether a known vulnerability touches the lock: `python -m tools.vulnerabilities`. One that does, fails.

The lock is read as it is: nothing is resolved or downloaded. Where the vulnerability service cannot be reached, or
knows none of the packages (a mirror without that data), that is said and is no failure of the lock.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
LONGEST_SECONDS = 120


def audit() -> dict[str, Any] | None:
    """What pip-audit found, None when it came to no answer."""
    program = Path(sys.executable).with_name("pip-audit")
    command: list[str | Path] = [
        program,
        "--disable-pip",
        "--require-hashes",
        "--requirement",
        LOCK,
        "--format=json",
        "--progress-spinner=off",
    ]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False)
        found: dict[str, Any] = json.loads(run.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return found


def report(found: dict[str, Any] | None) -> int:
    """Print what was found; the exit code."""
    packages = found["dependencies"] if found else []
    known = [package for package in packages if "skip_reason" not in package]
    if not known:
        sys.stdout.write("vulnerabilities: not checked, the vulnerability service cannot be reached from here\n")
        return 0
    bad = [(package, problem) for package in known for problem in package["vulns"]]
    for package, problem in bad:
        repaired = ", ".join(problem["fix_versions"]) or "none yet"
        sys.stdout.write(f"{package['name']} {package['version']}: {problem['id']}, repaired in {repaired}\n")
    sys.stdout.write(f"vulnerabilities: {len(bad)} in {len(known)} packages of {len(packages)}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(report(audit()))
