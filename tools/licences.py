"""Under which licences the packages of the lock are: `python -m tools.licences`. One that is not allowed, fails.

What counts is what a package says of itself where it is installed; packages of the lock that this machine does not need
are passed over.
"""

import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
# Those that let a service be given away under Apache-2.0, whole or beside a library that stays what it is.
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
    # Tests alone compare with it: no image has it, and nobody is given it.
    "pingouin": "GPL-3.0",
}
# Of packages that say it in a sentence, in a text or in an old form: as their licence file has it.
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
    """An SPDX expression, or what the package says instead of one."""
    told = package.metadata
    name = normal(told["Name"])
    if name in KNOWN:
        return KNOWN[name]
    if expressions := told.get_all("License-Expression"):
        return str(expressions[0])
    classifiers = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or () if "License ::" in line]
    found = sorted({CLASSIFIED[each] for each in classifiers if each in CLASSIFIED})
    if found:
        return " OR ".join(found)
    written = str((told.get_all("License") or ["nothing"])[0]).partition("\n")[0]
    return WRITTEN.get(written, written)


def is_allowed(expression: str) -> bool:
    """Whether everything that an SPDX expression joins, or one of what it offers, is allowed."""
    return any(
        all(part.strip("() ") in ALLOWED for part in offered.split(" AND ")) for offered in expression.split(" OR ")
    )


def refused(packages: Iterable[Distribution], locked: frozenset[str]) -> dict[str, str]:
    """Packages of the lock whose licence is not allowed, with what they say."""
    told = {normal(package.metadata["Name"]): licence_of(package) for package in packages}
    return {
        name: licence
        for name, licence in sorted(told.items())
        if name in locked and not is_allowed(licence) and EXCEPTIONS.get(name) != licence
    }


def locked_names() -> frozenset[str]:
    """The packages of the lock."""
    return frozenset(_NAME.findall(LOCK.read_text(encoding="utf-8")))


def main() -> int:
    """Every licence with how many packages are under it; 1 when one is not allowed."""
    locked = locked_names()
    here = {normal(each.metadata["Name"]): licence_of(each) for each in distributions()}
    known = {name: licence for name, licence in here.items() if name in locked}
    for licence in sorted(set(known.values())):
        names = sorted(name for name in known if known[name] == licence)
        sys.stdout.write(f"{licence}: {', '.join(names)}\n")
    bad = refused(distributions(), locked)
    for name, licence in bad.items():
        sys.stdout.write(f"NOT ALLOWED: {name}: {licence}\n")
    sys.stdout.write(f"licences: {len(bad)} not allowed in {len(known)} packages of {len(locked)}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
