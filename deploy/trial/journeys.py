"""The journeys of the tests, made on the installation from outside, through its front.

They need what the tests need (`make setup`); this here is standard library only.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from deploy.settings import ROOT
from deploy.trial.calls import items
from deploy.trial.site import AUTHORITY, Site

# The first leaves institutions, which the others name.
FIRST = ("tests/journeys/test_county_builds_its_network.py",)
# The clock of a fifth, in these files, cannot be moved from outside. What screening finds
# comes into casework's feed, so it is last.
OTHERS = (
    "tests/journeys/test_family_is_supported.py",
    "tests/journeys/test_people_are_trained.py",
    "tests/journeys/test_children_are_screened.py",
)
MADE = {FIRST: 1, OTHERS: 3}
KEYS = "/instance/issuer-key.json"


def make_journeys(site: Site) -> tuple[bool, str]:
    """Whether all of them went well, and what was said of them."""
    with tempfile.TemporaryDirectory(prefix="splot-journeys-") as folder:
        told = _where(site, Path(folder))
        went_well, said = _made(FIRST, told)
        if went_well:
            known = items(site.entrance(), "/v1/registry/institutions")
            ids = " ".join(each["id"] for each in known[:2])
            went_well, others = _made(OTHERS, {**told, "SPLOT_INSTITUTIONS": ids})
            said = f"{said}; {others}"
    return went_well, said


def _where(site: Site, folder: Path) -> dict[str, str]:
    """What leads to the platform and its development issuer."""
    files = {
        "SPLOT_AUTHORITY": ("front", AUTHORITY),
        "SPLOT_ISSUER_KEY": ("issuer", KEYS),
    }
    told = {
        "SPLOT_URL": site.url,
        "SPLOT_ISSUER": f"http://127.0.0.1:{site.environment['PORT']}/issuer",
    }
    for variable, held in files.items():
        # The folder is closed to others.
        path = folder / variable
        path.write_text(site.held(*held), encoding="utf-8")
        told[variable] = str(path)
    return told


def _made(files: tuple[str, ...], told: dict[str, str]) -> tuple[bool, str]:
    run = subprocess.run(
        [ROOT / ".venv/bin/python", "-m", "pytest", "-q", "-n", "0", *files],
        cwd=ROOT,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    passed = re.search(r"(\d+) passed", run.stdout)
    if run.returncode or not passed or int(passed[1]) != MADE[files]:
        return False, f"{run.stdout[-3000:]}{run.stderr[-1000:]}"
    return True, run.stdout.strip().splitlines()[-1].strip("= ")
