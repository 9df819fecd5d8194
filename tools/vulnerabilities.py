"""Asks whether a known vulnerability touches a lock: `python -m tools.vulnerabilities`. One that does, fails.

Locks are read as they are: nothing is resolved or downloaded. Where a vulnerability service cannot be reached, or knows
none of the packages (a mirror without that data), that is said and is no failure of the lock.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
NPM_LOCKS = sorted([*ROOT.glob("clients/*/package-lock.json"), *ROOT.glob("tools/*/package-lock.json")])
# The index's own, then that of the open database it is made from: a mirror may have neither.
SERVICES = ("pypi", "osv")
LONGEST_SECONDS = 60


def audit(service: str) -> dict[str, Any] | None:
    """What pip-audit found by one service, None when it came to no answer."""
    program = Path(sys.executable).with_name("pip-audit")
    command = [str(program), "--disable-pip", "--require-hashes", f"--vulnerability-service={service}"]
    command += ["--requirement", str(LOCK), "--format=json", "--progress-spinner=off"]
    return _answer(command, ROOT)


def audit_npm(lock: Path) -> dict[str, Any] | None:
    """What npm found in one lock, None when there is no npm or it came to no answer."""
    npm = shutil.which("npm")
    command = ["audit", "--package-lock-only", "--json"]
    found = _answer([npm, *command], lock.parent) if npm else None
    return found if found and "vulnerabilities" in found else None


def _answer(command: Sequence[str], folder: Path) -> dict[str, Any] | None:
    try:
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False)
        found: dict[str, Any] = json.loads(run.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return found


def known(found: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The packages that the service knew."""
    packages = found["dependencies"] if found else []
    return [package for package in packages if "skip_reason" not in package]


def report(found: dict[str, Any] | None) -> int:
    """Print what was found in our lock; the exit code."""
    packages = known(found)
    if not packages:
        sys.stdout.write("vulnerabilities: not checked, no vulnerability service can be reached from here\n")
        return 0
    bad = [(package, problem) for package in packages for problem in package["vulns"]]
    for package, problem in bad:
        repaired = ", ".join(problem["fix_versions"]) or "none yet"
        sys.stdout.write(f"{package['name']} {package['version']}: {problem['id']}, repaired in {repaired}\n")
    sys.stdout.write(f"vulnerabilities: {len(bad)} in {len(packages)} packages of {LOCK.name}\n")
    return 1 if bad else 0


def report_npm(lock: Path, found: dict[str, Any] | None) -> int:
    """Print what was found in a lock of npm; the exit code."""
    name = lock.relative_to(ROOT)
    if found is None:
        sys.stdout.write(f"vulnerabilities: {name} not checked, npm or its service cannot be reached from here\n")
        return 0
    for package, problem in sorted(found["vulnerabilities"].items()):
        sys.stdout.write(f"{package} {problem['range']}: {problem['severity']}, in {name}\n")
    sys.stdout.write(f"vulnerabilities: {len(found['vulnerabilities'])} in {name}\n")
    return 1 if found["vulnerabilities"] else 0


def main() -> int:
    """Every lock; 1 when one of them is touched."""
    answers = (audit(service) for service in SERVICES)
    codes = [report(next((found for found in answers if known(found)), None))]
    codes += [report_npm(lock, audit_npm(lock)) for lock in NPM_LOCKS]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
