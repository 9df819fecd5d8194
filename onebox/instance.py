"""The folder of one instance (`.splot`): its files, its secrets, and the process that runs it."""

import base64
import fcntl
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from onebox.failures import Failure
from onebox.processes import identity

# NIST SP 800-186, 3.2.1.3: the order of the curve's group.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
LONGEST_SOCKET_PATH = 107  # bytes: sun_path holds 108 with its closing zero
LONGEST_SOCKET_NAME = "screening-2.sock"


class InstanceError(Failure):
    """The folder cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Instance:
    """The paths of an instance's files."""

    folder: Path

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def issuer_key(self) -> Path:
        return self.folder / "issuer-key.json"

    @property
    def keyring(self) -> Path:
        return self.folder / "keyring"

    @property
    def webhook_keyring(self) -> Path:
        return self.folder / "webhook-keyring"

    @property
    def credential_keys(self) -> Path:
        return self.folder / "credential-keys.json"

    @property
    def tombstones(self) -> Path:
        """The file of erased people: beside the database, so that no backup of it has the file."""
        return self.folder / "tombstones"

    def checkpoint(self, service: str) -> Path:
        """The file with the last position of a service's audit trail, beside the database as well."""
        return self.folder / f"audit-checkpoint-{service}"

    @property
    def pids(self) -> Path:
        return self.folder / "pids.json"

    @property
    def sockets(self) -> Path:
        """The folder of the services' sockets: `run`, or a short one in the temporary
        folder where paths get long.
        """
        folder = self.folder / "run"
        if len(os.fsencode(folder / LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return folder
        return Path(tempfile.gettempdir()) / f"splot-run-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]}"

    def socket(self, name: str) -> Path:
        return self.sockets / f"{name}.sock"


def instance_in(folder: Path) -> Instance:
    """The instance of that folder, by its full path."""
    return Instance(folder.expanduser().absolute())


@contextmanager
def held(instance: Instance) -> Iterator[None]:
    """Makes the folders, and locks the instance for this process; raises InstanceError when
    it runs already.
    """
    instance.folder.mkdir(parents=True, exist_ok=True)
    with (instance.folder / "lock").open("w") as lock:
        try:
            # The kernel releases a lock however its process ends. A process id in a file
            # could be that of another process by then.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InstanceError(f"An instance already runs in {instance.folder}{_where(instance)}.") from None
        instance.logs.mkdir(exist_ok=True)
        _make_own_folder(instance.sockets)
        yield
        for socket in instance.sockets.glob("*.sock"):
            socket.unlink()


def _where(instance: Instance) -> str:
    running = _read(instance.folder / "instance.json")
    return f" (process {running['pid']}, {running['url']})" if running else ""


def _make_own_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise InstanceError(f"{folder} belongs to somebody else.")
    folder.chmod(0o700)


def read_secrets(instance: Instance, names: tuple[str, ...]) -> dict[str, str]:
    """The secrets of those names; each is generated once and then kept in
    `secrets.json` (mode 600).
    """
    path = instance.folder / "secrets.json"
    values: dict[str, str] = _read(path) or {}
    missing = [name for name in names if name not in values]
    if missing:
        values |= {name: secrets.token_urlsafe(32) for name in missing}
        write_private(path, values)
    return {name: values[name] for name in names}


def draw_keyrings(instance: Instance) -> None:
    """Make the files with the keys for personal data and for webhooks (mode 600), and the file of
    erased people, where they are missing.
    """
    instance.tombstones.touch(mode=0o600)
    missing = [path for path in (instance.keyring, instance.webhook_keyring) if not path.exists()]
    if not missing:
        return
    from services.chassis.trust.vault import drawn_keyring  # noqa: PLC0415 - it loads a library, once in a folder's life

    for path in missing:
        _replace(path, drawn_keyring())


def draw_credential_keys(instance: Instance) -> None:
    """Make the key that signs certificates (mode 600), where it is missing."""
    if instance.credential_keys.exists():
        return
    # A private key of P-256 is a number below the order of the curve, and never 0.
    number = 1 + secrets.randbelow(P256_ORDER - 1)
    part = base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")
    key = {"kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "d": part}
    _replace(instance.credential_keys, json.dumps({"keys": [key]}))


def announce(instance: Instance, url: str) -> None:
    """Write the address of the running instance to its folder, where `token` and `load` read it."""
    facts = {
        "url": url,
        "pid": os.getpid(),
        "identity": identity(os.getpid()),
        "started_at": datetime.now(UTC).isoformat(),
    }
    write_private(instance.folder / "instance.json", facts)


def withdraw(instance: Instance) -> None:
    """Remove the address of the running instance."""
    (instance.folder / "instance.json").unlink(missing_ok=True)


def running_url(instance: Instance) -> str:
    """The URL of the running instance of that folder; raises InstanceError when none runs."""
    facts = _read(instance.folder / "instance.json")
    # The process id alone may belong to another process by now.
    if not facts or identity(facts["pid"]) != facts["identity"]:
        raise InstanceError(f"No instance runs in {instance.folder}. Start one with: python -m onebox up")
    return str(facts["url"])


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Replaces the file in one step; only its owner may read it."""
    _replace(path, json.dumps(content, indent=1))


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return content if isinstance(content, dict) else None
