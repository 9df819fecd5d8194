"""Where the trial happens: a copy of the repository, with secrets and ports of its own. Standard library only."""

import os
import re
import ssl
import subprocess
import sys
from pathlib import Path

from deploy.port import free_port
from deploy.settings import ROOT
from deploy.trial.calls import Entrance

AUTHOR = ("-c", "user.name=trial", "-c", "user.email=trial@localhost")
NETWORK = "DOCKER_BUILD_NETWORK"
STAND_IN = "splot-trial-front"
# Of the front, as Caddy keeps what it has made itself.
AUTHORITY = "/data/caddy/pki/authorities/local/root.crt"
VERSIONS = Path("services/registry/migrations/versions")
# Who signs the instruments of the journeys, by the public key.
PUBLISHERS = '{"publisher": "L3AMH68JyqqcyyOIVCHnNyiij43uY4XVrsgt516CNcM="}'
MIGRATION = '''"""add tried_on to institutions: the next version, as the trial makes it."""

import sqlalchemy as sa
from alembic import op

revision = "{number:04}"
down_revision = "{before:04}"


def upgrade() -> None:
    op.add_column("institutions", sa.Column("tried_on", sa.Date()), schema="registry")


def downgrade() -> None:
    op.drop_column("institutions", "tried_on", schema="registry")
'''


class Failed(Exception):
    """A command of the trial failed."""


class Site:
    """A copy of the repository, which follows another one as an operator's copy does."""

    def __init__(self, folder: Path) -> None:
        self.origin, self.folder = folder / "origin", folder / "site"
        port, plain, secured = (str(free_port()) for _ in range(3))
        self.url = f"https://localhost:{secured}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "SECRETS"},
            "COMPOSE_PROJECT_NAME": f"splot-trial-{os.getpid()}",
            # No image of Keycloak is needed for the trial: the first look is tried,
            # behind the front.
            "ISSUER": "development",
            "COMPOSE_PROFILES": "development,front",
            "PORT": port,
            "HTTP_PORT": plain,
            "HTTPS_PORT": secured,
            "TRUSTED_PROXIES": '["front"]',
            "PACKAGE_PUBLISHERS": PUBLISHERS,
            "DEMO": "",
        }

    def prepare_front(self) -> None:
        """Take the image of the front that compose names; where it cannot be had, a stand-in."""
        text = (self.folder / "docker-compose.yml").read_text(encoding="utf-8")
        [image] = re.findall(r"FRONT_IMAGE:-(.+)}", text)
        ways = (("image", "inspect"), ("pull", "--quiet"))
        if not any(self._can("docker", *way, image) for way in ways):
            image, network = STAND_IN, os.environ.get(NETWORK, "default")
            how = ("--network", network, "--tag", image)
            self.docker("build", *how, "deploy/trial/front")
        self.environment["FRONT_IMAGE"] = image

    def entrance(self) -> Entrance:
        """Where callers come in, who believe the authority of the front and no other."""
        authority = self.held("front", AUTHORITY)
        return Entrance(self.url, ssl.create_default_context(cadata=authority))

    def held(self, service: str, path: str) -> str:
        """A file of a running container."""
        return self.compose("exec", "-T", service, "cat", path)

    def copy(self) -> None:
        """Make the copies."""
        self._git(ROOT, "clone", "--quiet", str(ROOT), str(self.origin))
        self._git(self.origin, "checkout", "--quiet", "-B", "release")
        self._git(ROOT, "clone", "--quiet", str(self.origin), str(self.folder))

    def release(self) -> None:
        """Make the next version in the origin: other code in every image, and a migration."""
        versions = self.origin / VERSIONS
        before = max(int(path.name[:4]) for path in versions.glob("[0-9]*.py"))
        migration = MIGRATION.format(number=before + 1, before=before)
        (versions / f"{before + 1:04}_add_tried_on.py").write_text(migration)
        with (self.origin / "services/chassis/__init__.py").open("a") as code:
            code.write("\n# The next version, as the trial makes it.\n")
        self._git(self.origin, "add", "--all")
        self._git(self.origin, *AUTHOR, "commit", "--quiet", "--message", "Next")

    def run(self, script: str) -> None:
        """Run commands as an operator types them; what they say is shown where they fail."""
        self._said("bash", "-euo", "pipefail", "-c", script)

    def compose(self, *arguments: str) -> str:
        """What `docker compose` says."""
        return self._said("docker", "compose", *arguments)

    def forget_volumes(self) -> None:
        """Remove the volume of before a restore, which compose does not know any more."""
        project = self.environment["COMPOSE_PROJECT_NAME"]
        self.docker("volume", "rm", "--force", f"{project}_database")

    def docker(self, *arguments: str) -> str:
        """What `docker` says."""
        return self._said("docker", *arguments)

    def _can(self, *command: str) -> bool:
        told = subprocess.run(
            command, cwd=self.folder, capture_output=True, check=False
        )
        return told.returncode == 0

    def _said(self, *command: str) -> str:
        run = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            sys.stdout.write(run.stdout[-4000:] + run.stderr[-4000:])
            raise Failed(" ".join(command)[-200:])
        return run.stdout

    @staticmethod
    def _git(folder: Path, *arguments: str) -> None:
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)
