"""The licences of the packages of the lock: `python -m tools.licences`. It fails when one is not allowed.

The licence is read from the metadata of the installed package; packages of the lock that are not installed on this
machine are skipped.
"""

import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
# Licences that allow a service to be published under Apache-2.0, as a whole or beside a library with its own licence.
ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "LGPL-2.1-or-later",
        "LGPL-3.0-only",
        "LGPL-3.0-or-later",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "OFL-1.1",
        "PSF-2.0",
        "Zlib",
    }
)
EXCEPTIONS = {
    # Only tests compare with it: no image has it, and it is not distributed.
    "pingouin": "GPL-3.0",
}
# Packages whose metadata has a sentence, a whole text or an old form: the licence of their licence file.
KNOWN = {
    "fhir-core": "BSD-3-Clause",
    "fhir-resources": "BSD-3-Clause",
    "openbadgeslib": "LGPL-3.0-only",
    "patsy": "BSD-2-Clause AND PSF-2.0",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "python-stdnum": "LGPL-2.1-or-later",
    "grimp": "BSD-2-Clause",
    "import-linter": "BSD-2-Clause",
    "kubernetes-validate": "Apache-2.0",
    "httpx-aiohttp": "BSD-3-Clause",
}
CLASSIFIED = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
WRITTEN = {
    "3-Clause BSD License": "BSD-3-Clause",
    "GPL-3.0": "GPL-3.0",
}
_NAME = re.compile(r"^([a-z0-9.-]+)==", re.MULTILINE)


def normal(name: str) -> str:
    """A package's name as the lock writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(package: Distribution) -> str:
    """An SPDX expression, or the text of the package's metadata when there is none."""
    metadata = package.metadata
    name = normal(metadata["Name"])
    if name in KNOWN:
        return KNOWN[name]
    if expressions := metadata.get_all("License-Expression"):
        return str(expressions[0])
    classifiers = [line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if "License ::" in line]
    licences = sorted({CLASSIFIED[classifier] for classifier in classifiers if classifier in CLASSIFIED})
    if licences:
        return " OR ".join(licences)
    text = str((metadata.get_all("License") or ["nothing"])[0]).partition("\n")[0]
    return WRITTEN.get(text, text)


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression is allowed: all parts joined by AND, of at least one alternative joined by OR."""
    return any(
        all(part.strip("() ") in ALLOWED for part in choice.split(" AND ")) for choice in expression.split(" OR ")
    )


def refused(packages: Iterable[Distribution], locked: frozenset[str]) -> dict[str, str]:
    """The packages of the lock whose licence is not allowed, each with its licence."""
    licences = {normal(package.metadata["Name"]): licence_of(package) for package in packages}
    return {
        name: licence
        for name, licence in sorted(licences.items())
        if name in locked and not is_allowed(licence) and EXCEPTIONS.get(name) != licence
    }


def locked_names() -> frozenset[str]:
    """The packages of the lock."""
    return frozenset(_NAME.findall(LOCK.read_text(encoding="utf-8")))


def main() -> int:
    """Print every licence with its packages; returns 1 when one is not allowed."""
    locked = locked_names()
    installed = {normal(package.metadata["Name"]): licence_of(package) for package in distributions()}
    licences = {name: licence for name, licence in installed.items() if name in locked}
    for licence in sorted(set(licences.values())):
        names = sorted(name for name in licences if licences[name] == licence)
        sys.stdout.write(f"{licence}: {', '.join(names)}\n")
    bad = refused(distributions(), locked)
    for name, licence in bad.items():
        sys.stdout.write(f"NOT ALLOWED: {name}: {licence}\n")
    sys.stdout.write(f"licences: {len(bad)} not allowed in {len(licences)} packages of {len(locked)}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
