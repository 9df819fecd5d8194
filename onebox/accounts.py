"""The account that PostgreSQL runs as: it refuses root, who lends it another one and a
way through root's folders.
"""

import os
import pwd
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from onebox.failures import Failure
from onebox.processes import ending_with_parent

CAP_DAC_READ_SEARCH = 2


class AccountError(Failure):
    """There is no account that could run PostgreSQL, or a folder is not its own."""


def account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then the account it runs as; None when we are
    an ordinary user.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise AccountError("PostgreSQL does not run as root, and there is neither an account `postgres` nor `nobody`")


def as_account(command: list[str], data: Path) -> list[str]:
    """The command, ending with its parent and, where we are root, as the account that
    owns the data.
    """
    found = account()
    if found is None:
        return ending_with_parent(command, "INT")
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise AccountError(
            "PostgreSQL does not run as root: start as an ordinary user, or install setpriv (util-linux)"
        )
    owner = data.stat()
    # Only where a folder on the way is closed to the account does it need a capability.
    capabilities = [] if all(_may_enter(path, owner.st_uid) for path in (data, Path(command[0]))) else _reach()
    identity = [
        f"--reuid={owner.st_uid}",
        f"--regid={owner.st_gid}",
        "--clear-groups",
        "--no-new-privs",
    ]
    return [setpriv, *identity, *capabilities, "--pdeathsig", "INT", "--", *command]


def _may_enter(path: Path, uid: int) -> bool:
    states = [folder.stat() for folder in path.resolve().parents]
    return all(state.st_mode & (stat.S_IXUSR if state.st_uid == uid else stat.S_IXOTH) for state in states)


def _reach() -> list[str]:
    """Lets the account pass through root's closed folders (a clone in /root) without
    opening them to everybody else.
    """
    status = Path("/proc/self/status").read_text()
    effective = int(
        next(line for line in status.splitlines() if line.startswith("CapEff:")).split()[1],
        16,
    )
    name = (
        "dac_read_search" if effective >> CAP_DAC_READ_SEARCH & 1 else "dac_override"
    )  # containers often lack the first
    return [f"--inh-caps=-all,+{name}", f"--ambient-caps=+{name}"]


def make_private_folder(folder: Path) -> None:
    found = account()
    uid = os.geteuid() if found is None else found.pw_uid
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        # Not `stat`: a link to somebody else's folder must not pass for our own.
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != uid or stat.S_IMODE(state.st_mode) & 0o077:
            raise AccountError(f"{folder} belongs to somebody else or is open to others") from None
    else:
        if found is not None:
            os.chown(folder, found.pw_uid, found.pw_gid)


def write_private_file(path: Path, text: str) -> None:
    # With O_EXCL below: a link that somebody else has put there is not followed.
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        found = account()
        if found is not None:
            os.fchown(file.fileno(), found.pw_uid, found.pw_gid)
