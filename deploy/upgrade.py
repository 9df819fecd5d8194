"""Replaces every service by the version in this folder, one replica after another, while the platform serves.

`python3 -m deploy.upgrade`. A new replica is ready before an old one is told to end, so
that callers notice nothing. Standard library only.
"""

import os
import shlex
import subprocess
import sys
import time

from deploy.secrets import SERVICES
from deploy.settings import ROOT

# The gateway asks every second who is there.
SECONDS_UNTIL_FOUND = 3
SECONDS_TO_END = "35"
COMPOSE = shlex.split(os.environ.get("COMPOSE", "docker compose"))


def main() -> None:
    """Build, bring the schemas up to date, and replace what is not of this version."""
    compose("build")
    for service in SERVICES:
        # Made anew, of the new image, and run before the first new replica.
        compose("rm", "--force", f"migrate-{service}")
        replace(service)
    # What is left, the gateway above all: each is away for some seconds.
    compose("up", "--detach", "--wait")


def replace(service: str) -> None:
    """Put a new replica in the place of each old one, one after another."""
    running = asked(*COMPOSE, "ps", "--quiet", service).split()
    old = [container for container in running if is_old(container, service)]
    for number, container in enumerate(old, 1):
        sys.stdout.write(f"{service}: replica {number} of {len(old)} is replaced\n")
        sys.stdout.flush()
        more = f"{service}={len(running) + 1}"
        # Never --no-deps: compose would take what it makes so for outdated afterwards.
        how = ("--detach", "--no-recreate", "--wait", "--scale", more)
        compose("up", *how, service)
        time.sleep(SECONDS_UNTIL_FOUND)
        asked("docker", "stop", "--time", SECONDS_TO_END, container)
        asked("docker", "rm", container)


def is_old(container: str, service: str) -> bool:
    """Whether a container is of another image, or of other settings, than it would be made of now."""
    form = '{{.Image}} {{index .Config.Labels "com.docker.compose.config-hash"}}'
    image, settings = asked("docker", "inspect", "--format", form, container).split()
    name = asked("docker", "inspect", "--format", "{{.Config.Image}}", container)
    now = asked("docker", "image", "inspect", "--format", "{{.Id}}", name.strip())
    told = asked(*COMPOSE, "config", "--hash", service).split()
    return [image, settings] != [now.strip(), told[-1]]


def compose(*arguments: str) -> None:
    """Run compose, and end where it fails: what is there goes on."""
    if subprocess.run([*COMPOSE, *arguments], cwd=ROOT, check=False).returncode:
        sys.exit(f"The upgrade stopped at: docker compose {' '.join(arguments)}")


def asked(*command: str) -> str:
    """What a command says."""
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"The upgrade stopped at: {' '.join(command)}\n{run.stderr}")
    return run.stdout


if __name__ == "__main__":
    main()
