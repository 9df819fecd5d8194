"""One service with reload, beside a running instance: `python -m tools.dev registry [PORT]`.

It uses the database, the issuer and the secrets of the instance in .splot, so the tokens and the data
of `make run` work here too. Every change of its source restarts it.
"""

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from onebox.failures import Failure
from onebox.instance import Instance, instance_in, running_url
from onebox.stack import SERVICE_FLAGS, service_program, services_here, stack_of

ROOT = Path(__file__).resolve().parents[1]
PORT = "8001"


def command_for(service: str, port: str) -> list[str]:
    """The server's command line; the server restarts when the service or the chassis changes."""
    reload_dirs = [f"--reload-dir=services/{name}" for name in (service, "chassis")]
    place = ["--host=127.0.0.1", f"--port={port}", "--loop=uvloop", "--lifespan=on"]
    application = f"services.{service}.main:app"
    return [sys.executable, "-m", "uvicorn", application, "--reload", *reload_dirs, *place, *SERVICE_FLAGS]


def environment_for(service: str, instance: Instance) -> dict[str, str]:
    """The settings that the running instance gives to its own process of this service."""
    url = running_url(instance)
    with socket.socket() as unbound:  # a stack only reads the port of its listener, which the URL has
        environment = service_program(stack_of(instance, unbound, services_here()), service).environment
    return {**environment, "OIDC_ISSUER": f"{url}/issuer", "LOG_LEVEL": os.environ.get("LOG_LEVEL", "DEBUG")}


def serve(service: str, port: str, environment: dict[str, str]) -> NoReturn:
    """Replace this process by the server."""
    sys.stdout.write(f"{service} on http://127.0.0.1:{port}/v1/{service}, with reload; Ctrl-C stops it\n")
    sys.stdout.flush()
    os.chdir(ROOT)
    command = command_for(service, port)
    os.execve(command[0], command, environment)  # noqa: S606 - a fixed program, and no shell


def main(service: str = "", port: str = PORT) -> str:
    """Serve; returns the error, in one sentence, when that is not possible."""
    if service not in services_here():
        return f"usage: make dev service=registry (there are {', '.join(services_here())})"
    try:
        environment = environment_for(service, instance_in(ROOT / ".splot"))
    except Failure as failure:
        return str(failure)
    serve(service, port, environment)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
