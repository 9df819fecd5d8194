"""Replaces every service by the version in this folder, one replica after another, while the platform serves.

`python3 -m deploy.upgrade`. A new replica is ready before an old one is told to end, so
that callers notice nothing. Standard library only.
"""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable

from deploy.secrets import SERVICES
from deploy.settings import ROOT
from deploy.yielding import engine_gives_way, give_way

# The gateway asks every second who is there, the front more often.
SECONDS_UNTIL_FOUND = 3
SECONDS_TO_END = "35"
SECONDS_TO_BE_READY = 240
# Of the processors. What serves comes before what starts, and before builds (1024).
SHARES_AT_START = "512"
SHARES = "8192"
GATEWAY = "gateway"
COMPOSE = shlex.split(os.environ.get("COMPOSE", "docker compose"))


def main() -> None:
    """Build, bring the schemas up to date, and replace what is not of this version."""
    # What serves comes first: commands give way to it, and one image is built at a time.
    os.nice(10)
    with engine_gives_way():
        # A build may wait as long as there is much to do; a replica that is replaced may not.
        run("env", "COMPOSE_PARALLEL_LIMIT=1", *COMPOSE, "build", first=give_way)
    for service in SERVICES:
        migrate(service)
        replace(service)
    replace_gateway()
    # Its name brings none of those that depend on it, which old compose would make anew.
    if left := [name for name in lasting() if is_outdated(name)]:
        compose("up", "--detach", "--wait", *left)


def migrate(service: str) -> None:
    """Bring a schema up to date, by the new image."""
    name = f"migrate-{service}"
    compose("rm", "--force", name)
    [container] = made(name)
    run("docker", "start", "--attach", container)


def replace(service: str) -> None:
    """Put a new replica in the place of each old one, one after another."""
    running = containers(service)
    old = [container for container in running if is_old(container, service)]
    for number, container in enumerate(old, 1):
        tell(f"{service}: replica {number} of {len(old)} is replaced")
        for new in made(service, "--scale", f"{service}={len(running) + 1}"):
            start(new)
        end(container)


def replace_gateway() -> None:
    """The same for the gateway, whose port of this machine only one can have: another stands in meanwhile."""
    for left_over in stand_ins():
        end(left_over)
    for container in containers(GATEWAY):
        if not is_old(container, GATEWAY):
            continue
        tell("gateway: another one stands in while it is replaced")
        run(*COMPOSE, "run", "--detach", "--no-deps", "--use-aliases", GATEWAY)
        for stand_in in stand_ins():
            start(stand_in)
        end(container)
        for new in made(GATEWAY):
            start(new)
        for stand_in in stand_ins():
            end(stand_in)


def stand_ins() -> list[str]:
    """Gateways that `docker compose run` has made of this installation."""
    [name] = [
        line.removeprefix("name: ")
        for line in asked(*COMPOSE, "config").splitlines()
        if line.startswith("name: ")
    ]
    labels = {"project": name, "service": GATEWAY, "oneoff": "True"}
    filters = [
        f"--filter=label=com.docker.compose.{key}={labels[key]}" for key in labels
    ]
    return asked("docker", "ps", "--all", "--quiet", *filters).split()


def made(service: str, *how: str) -> list[str]:
    """Make what there is too little of; every container of the service that does not run."""
    # Never --no-deps: compose would take what it makes so for outdated afterwards.
    compose("up", "--no-start", "--no-recreate", *how, service)
    running = containers(service)
    return [one for one in containers(service, "--all") if one not in running]


def start(container: str) -> None:
    """Start a replica, and wait until it is ready and found; until then those that serve come first."""
    asked("docker", "update", "--cpu-shares", SHARES_AT_START, container)
    asked("docker", "start", container)
    ends = time.monotonic() + SECONDS_TO_BE_READY
    while state(container) != "healthy":
        if time.monotonic() > ends or state(container) == "unhealthy":
            sys.exit(f"The upgrade stopped: {container} is not ready, see its log")
        time.sleep(1)
    asked("docker", "update", "--cpu-shares", SHARES, container)
    time.sleep(SECONDS_UNTIL_FOUND)


def end(container: str) -> None:
    """Tell a replica to end, which answers what it has begun, and remove it."""
    asked("docker", "stop", "--time", SECONDS_TO_END, container)
    asked("docker", "rm", container)


def state(container: str) -> str:
    """What the health check of a container says."""
    form = "{{.State.Health.Status}}"
    return asked("docker", "inspect", "--format", form, container).strip()


def containers(service: str, *which: str) -> list[str]:
    """The containers of a service that run."""
    return asked(*COMPOSE, "ps", "--quiet", *which, service).split()


def lasting() -> list[str]:
    """What runs all the time."""
    names = asked(*COMPOSE, "config", "--services").split()
    return [name for name in names if not name.startswith("migrate-")]


def is_outdated(service: str) -> bool:
    """Whether a service does not run, or not as it would be made now."""
    running = containers(service)
    return not running or any(is_old(container, service) for container in running)


def is_old(container: str, service: str) -> bool:
    """Whether a container is of another image, or of other settings, than it would be made of now."""
    form = '{{.Image}} {{index .Config.Labels "com.docker.compose.config-hash"}}'
    image, settings = asked("docker", "inspect", "--format", form, container).split()
    name = asked("docker", "inspect", "--format", "{{.Config.Image}}", container)
    now = asked("docker", "image", "inspect", "--format", "{{.Id}}", name.strip())
    told = asked(*COMPOSE, "config", "--hash", service).split()
    return [image, settings] != [now.strip(), told[-1]]


def tell(what: str) -> None:
    """Say how far the upgrade is."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def compose(*arguments: str) -> None:
    """Run compose, and end where it fails: what is there goes on."""
    run(*COMPOSE, *arguments)


def run(*command: str, first: Callable[[], None] | None = None) -> None:
    """Run a command, after what its process does first; end where it fails: what is there goes on."""
    if subprocess.run(command, cwd=ROOT, preexec_fn=first, check=False).returncode:
        sys.exit(f"The upgrade stopped at: {' '.join(command)}")


def asked(*command: str) -> str:
    """What a command says."""
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"The upgrade stopped at: {' '.join(command)}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
