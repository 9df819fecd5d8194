"""Several processes of each program on one machine."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from onebox.instance import instance_in
from onebox.stack import Stack, gateway_program, service_program, stack_of


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def _stack(folder: Path, listener: socket.socket, replicas: int) -> Stack:
    return stack_of(instance_in(folder), listener, ("registry", "casework"), replicas)


def test_each_has_a_name_and_a_socket_of_its_own_and_the_gateway_knows_all(
    tmp_path: Path, listener: socket.socket
) -> None:
    stack = _stack(tmp_path, listener, 2)
    programs = [service_program(stack, "registry", number) for number in (1, 2)]
    assert [program.name for program in programs] == ["registry", "registry-2"]
    sockets = [f"unix:{stack.instance.socket(program.name)}" for program in programs]
    assert all(address[5:] in program.command for address, program in zip(sockets, programs, strict=True))
    gateway = gateway_program(stack, 2)
    assert gateway.name == "gateway-2"
    assert json.loads(gateway.environment["REGISTRY_UPSTREAMS"]) == sockets


def test_services_ask_each_other_by_the_gateway_where_there_are_several(
    tmp_path: Path, listener: socket.socket
) -> None:
    one, two = (_stack(tmp_path, listener, replicas) for replicas in (1, 2))
    assert service_program(one, "casework").environment["REGISTRY_URL"] == f"unix:{one.instance.socket('registry')}"
    assert service_program(two, "casework").environment["REGISTRY_URL"] == two.url
    assert dict(two.cluster.options)["max_connections"] == "200"
