"""A service of this repository is known wherever services are named; the deployment has tests of its own."""

import subprocess
import sys
import tomllib
from configparser import ConfigParser
from itertools import chain
from pathlib import Path

import pytest

from deploy import secrets
from gateway.routes import ROUTES
from gateway.settings import SERVICES as BEHIND_THE_GATEWAY
from tests.conftest import DEFAULT_CALLERS
from tests.support.services import SERVICES, module_of

ROOT = Path(__file__).parents[1]


def test_there_are_services() -> None:
    assert SERVICES


def test_make_knows_every_service() -> None:
    printed = subprocess.run(
        ["make", "--no-print-directory", "--eval", "print-services: ; @echo $(SERVICES)", "print-services"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert tuple(printed.stdout.split()) == SERVICES


def test_secrets_are_drawn_for_every_service() -> None:
    assert secrets.SERVICES == SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_known_everywhere(service: str) -> None:
    migrations = ConfigParser(interpolation=None)
    migrations.read(ROOT / "alembic.ini")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert migrations[service]["script_location"] == f"services/{service}/migrations"
    assert service in extras
    assert f"splot[{','.join((*SERVICES, 'gateway', 'onebox'))}]" in extras["dev"]
    assert service in BEHIND_THE_GATEWAY
    assert (f"/v1/{service}/".encode(), service) in {(route.prefix, route.upstream) for route in ROUTES}
    assert DEFAULT_CALLERS[service] in module_of(service, "permissions").GRANTS


@pytest.mark.parametrize("service", SERVICES)
def test_the_libraries_of_a_service_go_into_its_own_image_alone(service: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    own = {*extras[service]} - {"splot[service]", "splot[service,documents]"}
    others = [extras[name] for name in (*SERVICES, "gateway", "service", "documents") if name != service]
    assert not own & {*project["dependencies"], *chain(*others)}
    assert not [requirement for requirement in own if requirement.startswith("splot")]


NEEDED_LATER = ("aiohttp", "icalendar", "opentelemetry.sdk", "typst", "segno", "fontTools", "pikepdf", "PIL", "scipy",
                "pandas", "openpyxl", "vl_convert", "pyreadstat")  # fmt: skip
"""What draws, sets, parses or asks: loaded by processes of its own, or with the first request that needs it."""


def test_a_program_at_rest_has_nothing_that_only_some_requests_need() -> None:
    mains = ", ".join(f"services.{service}.main" for service in SERVICES)
    told = f"import gateway.main, {mains}, sys; print(*sorted({{*{NEEDED_LATER}}} & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
