"""The journeys of the tests, made on the installation from outside, through its front.

They need what the tests need (`make setup`); this here is standard library only.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from deploy.settings import ROOT
from deploy.trial.site import AUTHORITY, Site

# Of the five in these files; the clock of the other one cannot be moved from outside.
MADE = 4
FILES = (
    "tests/journeys/test_children_are_screened.py",
    "tests/journeys/test_county_builds_its_network.py",
    "tests/journeys/test_family_is_supported.py",
    "tests/journeys/test_people_are_trained.py",
)
KEYS = "/instance/issuer-key.json"


def make_journeys(site: Site) -> tuple[bool, str]:
    """Whether all of them went well, and what was said of them."""
    with tempfile.TemporaryDirectory(prefix="splot-journeys-") as folder:
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
            path = Path(folder, variable)
            path.write_text(site.held(*held), encoding="utf-8")
            told[variable] = str(path)
        run = subprocess.run(
            [ROOT / ".venv/bin/python", "-m", "pytest", "-q", "-n", "0", *FILES],
            cwd=ROOT,
            env={**os.environ, **told},
            capture_output=True,
            text=True,
            check=False,
        )
    passed = re.search(r"(\d+) passed", run.stdout)
    if run.returncode or not passed or int(passed[1]) != MADE:
        return False, f"{run.stdout[-3000:]}{run.stderr[-1000:]}"
    return True, run.stdout.strip().splitlines()[-1].strip("= ")
