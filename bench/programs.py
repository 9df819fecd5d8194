"""Run by a tree of the platform: how that tree starts its programs and makes its schemas, as JSON.

Arguments: the instance's folder, the descriptor of the gateway's listening socket, the services.
"""

import json
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from onebox.instance import instance_in
from onebox.stack import (
    gateway_program,
    migration_command,
    postgres_program,
    service_program,
    stack_of,
)


def _start_of(command: Sequence[object], environment: Mapping[str, str]) -> dict[str, Any]:
    return {"command": [str(part) for part in command], "environment": dict(environment)}


def _main(folder: str, descriptor: str, *services: str) -> str:
    with socket.socket(fileno=int(descriptor)) as listener:
        stack = stack_of(instance_in(Path(folder)), listener, services)
        stack = replace(stack, external_database=None, environment="development")
        programs = [service_program(stack, name) for name in stack.services]
        programs += [gateway_program(stack), postgres_program(stack)]
        starts = {program.name: _start_of(program.command, program.environment) for program in programs}
        for name in stack.services:
            starts[f"schema of {name}"] = _start_of(*migration_command(replace(stack, services=(name,))))
        listener.detach()
    return json.dumps(starts)


if __name__ == "__main__":
    sys.stdout.write(_main(*sys.argv[1:]))
