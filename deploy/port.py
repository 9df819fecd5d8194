"""Whether the platform's port is free, asked before anything is installed or built. Standard library only.

`python3 -m deploy.port` looks for `make run` (and takes its arguments), with `--containers` for `make up`.
"""

import errno
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence

from deploy.settings import DEFAULT_PORT, ROOT, settings_of

HOST = "127.0.0.1"
LARGEST = 65_535
REASONS = {errno.EADDRINUSE: "is taken", errno.EACCES: "needs more rights"}


def trouble(port: str) -> str | None:
    """Why nobody can listen on that port of this machine; None where one can."""
    if not port.isdecimal() or int(port) > LARGEST:
        return f"PORT is a number up to {LARGEST}, and not {port!r}"
    with socket.socket() as probe:
        # As the platform binds it: connections that have just ended do not keep a port
        # taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(port)))
        except OSError as error:
            return f"Port {port} {REASONS.get(error.errno or 0, error.strerror)}"
    return None


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def port_of(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The port that `onebox up` would use with these arguments."""
    said = re.findall(r"(?:^|\n)--port[=\n]([^\n]*)", "\n".join(arguments))
    return str(said[-1]) if said else environment.get("PORT") or DEFAULT_PORT


def is_held_by_containers(port: str) -> bool:
    """Whether it is this very platform in containers that listens there: then `make up` replaces it."""
    command = [
        *shlex.split(os.environ.get("COMPOSE", "docker compose")),
        "port",
        "gateway",
        "8000",
    ]
    try:
        address = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return False
    return address.strip().endswith(f":{port}")


def trouble_of_issuer(settings: Mapping[str, str], port: str) -> str | None:
    """Why no token would be believed: the development issuer of another port is trusted. None where all is well."""
    issuer = settings.get("OIDC_ISSUER", "")
    trusted = re.fullmatch(r"http://(?:127\.0\.0\.1|localhost):([0-9]+)/issuer", issuer)
    if trusted is None or trusted[1] == port:
        return None
    return f"PORT is {port}, and OIDC_ISSUER is {issuer}: in .env write http://127.0.0.1:${{PORT}}/issuer, below PORT"


def main(arguments: Sequence[str]) -> str | None:
    """What is wrong, None where nothing is."""
    if "--containers" not in arguments:
        wrong = trouble(port_of(arguments, os.environ))
        return (
            wrong and f"{wrong}; choose another one, for instance: make run PORT=9000"
        )
    settings = settings_of()
    port = settings.get("PORT") or DEFAULT_PORT
    if wrong := trouble_of_issuer(settings, port):
        return wrong
    wrong = trouble(port)
    if wrong is None or is_held_by_containers(port):
        return None
    return f"{wrong}; choose another one, for instance: make up PORT=9000"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
