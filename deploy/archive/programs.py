"""The programs that work here: Barman with its configuration, and those of PostgreSQL."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SERVER = "splot"
# Made anew at every start: it is derived from the environment.
CONFIGURATION = """\
[barman]
barman_user = {user}
barman_home = {home}
barman_lock_directory = {run}
configuration_files_directory = {run}/servers
log_file = {run}/barman.log
log_level = WARNING

[{server}]
description = the whole platform
conninfo = {database}
streaming_conninfo = {database}
backup_method = postgres
streaming_archiver = on
slot_name = splot_archive
create_slot = auto
path_prefix = {binaries}
compression = gzip
immediate_checkpoint = true
retention_policy = RECOVERY WINDOW OF {days} DAYS
last_backup_maximum_age = 2 DAYS
"""


class Failed(Exception):
    """A program did not do what it was asked for; the text says why."""


@dataclass(frozen=True)
class Archive:
    """Where the archive lies, whose it is, and how long it goes back."""

    home: Path
    run: Path
    database: str
    password_file: Path
    binaries: Path
    days: int

    @property
    def partial(self) -> list[Path]:
        """The segments of the log that are being written now."""
        return sorted((self.home / SERVER / "streaming").glob("*.partial"))

    @property
    def stamp(self) -> Path:
        """When it was last kept as it should be."""
        return self.run / "kept"

    def prepare(self) -> None:
        """Write what the programs read."""
        (self.run / "servers").mkdir(parents=True, exist_ok=True)
        configuration = CONFIGURATION.format(
            user=pwd.getpwuid(os.geteuid()).pw_name,
            home=self.home,
            run=self.run,
            database=f"{self.database} passfile={self._passwords}",
            binaries=self.binaries,
            days=self.days,
            server=SERVER,
        )
        _replace(self.run / "barman.conf", configuration)
        _replace(self._passwords, f"*:*:*:*:{_password(self.password_file)}\n")

    @property
    def _passwords(self) -> Path:
        return self.run / "passwords"

    def barman(self, *arguments: str) -> str:
        """What Barman says; Failed where it fails."""
        return told_by(["barman", "-c", str(self.run / "barman.conf"), *arguments])

    def ask(self, question: str) -> str:
        """What the database answers."""
        return self.psql(f"{self.database} passfile={self._passwords}", question)

    def psql(self, database: str, text: str, **variables: str) -> str:
        """What comes of SQL, as bare text."""
        command = [str(self.binaries / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1"]
        return told_by([*command, "-f", "-", database], text, variables).strip()


def _replace(path: Path, text: str) -> None:
    """The file whole, closed to others; another verb may be reading it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    making = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(fresh, making, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def _password(file: Path) -> str:
    # Nothing is asked of a database when one is restored.
    text = file.read_text(encoding="utf-8").strip() if file.exists() else ""
    return text.replace("\\", "\\\\").replace(":", "\\:")


def told_by(
    command: list[str], given: str = "", variables: Mapping[str, str] | None = None
) -> str:
    """What a program prints; Failed with its last lines where it fails."""
    done = subprocess.run(
        command,
        input=given,
        env={**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8", **(variables or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()
        name = Path(command[0]).name
        raise Failed("\n".join([f"{name} {command[-1]} failed:", *said[-15:]]))
    return done.stdout


def archive_of(environment: Mapping[str, str]) -> Archive:
    """The archive that the environment tells of."""

    def path(name: str, default: str) -> Path:
        return Path(environment.get(name, default))

    return Archive(
        home=path("ARCHIVE", "/var/lib/barman"),
        run=path("ARCHIVE_RUN", "/tmp/archive"),  # noqa: S108 # the container's own
        database=environment.get(
            "ARCHIVE_DATABASE", "host=postgres user=splot_archive dbname=splot"
        ),
        password_file=path(
            "ARCHIVE_PASSWORD_FILE", "/run/secrets/archive_database_password"
        ),
        binaries=path("POSTGRES_BINARIES", "/usr/lib/postgresql/18/bin"),
        days=int(environment.get("ARCHIVE_DAYS", "14")),
    )
