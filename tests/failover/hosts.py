"""Machines that are none: a network of their own for each, so that one can be cut off from the others."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

NAMES = ("db1", "db2", "witness")
_NETWORK = f"10.231.{os.getpid() % 250}"
_NAME = f"fo{os.getpid() % 100_000}"
_SWITCH = f"{_NAME}-switch"
"""A network of its own joins the machines: rules that this machine has for others do not count there."""


@dataclass(frozen=True)
class Host:
    """A machine: its address, and how a command is run there."""

    name: str
    address: str
    has_network: bool

    @property
    def _space(self) -> str:
        return f"{_NAME}-{self.name}"

    def command(self, command: list[str]) -> list[str]:
        """The command, as it is run on this machine."""
        return ["ip", "netns", "exec", self._space, *command] if self.has_network else command

    def cut(self) -> None:
        """Nothing goes in or out any more, and nobody is told."""
        _ip("-n", _SWITCH, "link", "set", self.name, "down")

    def join(self) -> None:
        """It is in the network again."""
        _ip("-n", _SWITCH, "link", "set", self.name, "up")

    def make(self) -> None:
        """Its network, joined with those of the others."""
        _ip("netns", "add", self._space)
        _ip("-n", self._space, "link", "add", "eth0", "type", "veth", "peer", "name", self.name, "netns", _SWITCH)
        _ip("-n", _SWITCH, "link", "set", self.name, "master", "bridge", "up")
        _ip("-n", self._space, "addr", "add", f"{self.address}/24", "dev", "eth0")
        for name in ("eth0", "lo"):
            _ip("-n", self._space, "link", "set", name, "up")

    def remove(self) -> None:
        """Nothing of it is left."""
        _remove(self._space)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def _may_make_networks() -> bool:
    """Whether this machine lets us: it takes its administrator and iproute2."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    try:
        _ip("netns", "add", _SWITCH)
        _ip("-n", _SWITCH, "link", "add", "bridge", "type", "bridge")
    except subprocess.CalledProcessError:
        _remove(_SWITCH)
        return False
    return True


def _remove(space: str) -> None:
    with suppress(subprocess.CalledProcessError):
        _ip("netns", "del", space)


@contextmanager
def hosts() -> Iterator[dict[str, Host]]:
    """Two machines of the database and a witness; on loopback where networks cannot be made."""
    if not _may_make_networks():
        yield {name: Host(name, f"127.0.0.{11 + number}", has_network=False) for number, name in enumerate(NAMES)}
        return
    made = {name: Host(name, f"{_NETWORK}.{11 + number}", has_network=True) for number, name in enumerate(NAMES)}
    try:
        _ip("link", "add", _NAME, "type", "veth", "peer", "name", "outside", "netns", _SWITCH)
        _ip("-n", _SWITCH, "link", "set", "outside", "master", "bridge", "up")
        _ip("-n", _SWITCH, "link", "set", "bridge", "up")
        _ip("addr", "add", f"{_NETWORK}.1/24", "dev", _NAME)
        _ip("link", "set", _NAME, "up")
        for host in made.values():
            host.make()
        yield made
    finally:
        for host in made.values():
            host.remove()
        _remove(_SWITCH)


def family(pid: int) -> list[int]:
    """A process and all below it, itself first."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *[each for child in children for each in family(int(child))]]


def signal_all(pids: list[int], number: signal.Signals) -> None:
    """Send a signal to whoever of them is still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
