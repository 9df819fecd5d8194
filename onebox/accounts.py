"""The account that PostgreSQL runs as: it refuses to run as root, so root starts it as another
account, with a way through root's folders.
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
    """The account for PostgreSQL when we are root, as which it refuses to run; None when we
    are an ordinary user.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise AccountError("PostgreSQL does not run as root, and there is neither an account `postgres` nor `nobody`")


def as_account(command: list[str], data: Path) -> list[str]:
    """The command, wrapped so that it ends with its parent and, when we are root, runs as the
    account that owns the data.
    """
    if account() is None:
        return ending_with_parent(command, "INT")
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise AccountError(
            "PostgreSQL does not run as root: start as an ordinary user, or install setpriv (util-linux)"
        )
    owner = data.stat()
    # The account needs a capability only where a folder on the path is closed to it.
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
    """The options of setpriv that let the account pass through root's closed folders (a clone
    in /root) without opening them to other accounts.
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
    owner = account()
    uid = os.geteuid() if owner is None else owner.pw_uid
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        # Not `stat`: a link to another account's folder must not pass for our own.
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != uid or stat.S_IMODE(state.st_mode) & 0o077:
            raise AccountError(f"{folder} belongs to somebody else or is open to others") from None
    else:
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)


def write_private_file(path: Path, text: str) -> None:
    # Together with O_EXCL below: a link that another account has put there is not followed.
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        owner = account()
        if owner is not None:
            os.fchown(file.fileno(), owner.pw_uid, owner.pw_gid)
