"""Checks the locks for known vulnerabilities: `python -m tools.vulnerabilities`. It fails when one is found.

Locks are read as they are: nothing is resolved or downloaded. Where a vulnerability service cannot be reached, or has
none of the packages (a mirror without that data), a message is printed and the check does not fail.
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
# The service of the index, then the open database that it uses: a mirror may have neither.
SERVICES = ("pypi", "osv")
LONGEST_SECONDS = 60


def audit(service: str) -> dict[str, Any] | None:
    """The report of pip-audit with one service, None without an answer."""
    program = Path(sys.executable).with_name("pip-audit")
    command = [str(program), "--disable-pip", "--require-hashes", f"--vulnerability-service={service}"]
    command += ["--requirement", str(LOCK), "--format=json", "--progress-spinner=off"]
    return _answer(command, ROOT)


def audit_npm(lock: Path) -> dict[str, Any] | None:
    """The report of npm on one lock, None without npm or without an answer."""
    npm = shutil.which("npm")
    command = ["audit", "--package-lock-only", "--json"]
    answer = _answer([npm, *command], lock.parent) if npm else None
    return answer if answer and "vulnerabilities" in answer else None


def _answer(command: Sequence[str], folder: Path) -> dict[str, Any] | None:
    try:
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False)
        answer: dict[str, Any] = json.loads(run.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return answer


def known(answer: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The packages in a report of pip-audit that the service knew."""
    packages = answer["dependencies"] if answer else []
    return [package for package in packages if "skip_reason" not in package]


def report(answer: dict[str, Any] | None) -> int:
    """Print the vulnerabilities in our lock; returns the exit code."""
    packages = known(answer)
    if not packages:
        sys.stdout.write("vulnerabilities: not checked, no vulnerability service can be reached from here\n")
        return 0
    bad = [(package, problem) for package in packages for problem in package["vulns"]]
    for package, problem in bad:
        repaired = ", ".join(problem["fix_versions"]) or "none yet"
        sys.stdout.write(f"{package['name']} {package['version']}: {problem['id']}, repaired in {repaired}\n")
    sys.stdout.write(f"vulnerabilities: {len(bad)} in {len(packages)} packages of {LOCK.name}\n")
    return 1 if bad else 0


def report_npm(lock: Path, answer: dict[str, Any] | None) -> int:
    """Print the vulnerabilities in a lock of npm; returns the exit code."""
    name = lock.relative_to(ROOT)
    if answer is None:
        sys.stdout.write(f"vulnerabilities: {name} not checked, npm or its service cannot be reached from here\n")
        return 0
    for package, problem in sorted(answer["vulnerabilities"].items()):
        sys.stdout.write(f"{package} {problem['range']}: {problem['severity']}, in {name}\n")
    sys.stdout.write(f"vulnerabilities: {len(answer['vulnerabilities'])} in {name}\n")
    return 1 if answer["vulnerabilities"] else 0


def main() -> int:
    """Check every lock; returns 1 when one has a vulnerability."""
    answers = (audit(service) for service in SERVICES)
    codes = [report(next((answer for answer in answers if known(answer)), None))]
    codes += [report_npm(lock, audit_npm(lock)) for lock in NPM_LOCKS]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
