"""An archive beside a cluster of this machine, kept as the container keeps it."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onebox.accounts import as_account, make_private_folder, write_private_file
from onebox.postgres import SUPERUSER, Cluster, binary

REPOSITORY = Path(__file__).parents[2]
PROGRAMS = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
# It comes with Debian (barman, rsync), or from PyPI.
IS_HERE = all(shutil.which(name, path=PROGRAMS) for name in ("barman", "rsync"))


@dataclass(frozen=True)
class KeptArchive:
    """The archive of a cluster, in a folder."""

    cluster: Cluster
    folder: Path

    def run(self, verb: str, **variables: str) -> str:
        """What a verb of the archive says; AssertionError where it fails."""
        done = subprocess.run(
            self._command(verb),
            env=self._environment(variables),
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{verb}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def restore(self, at: str, to: Path, **variables: str) -> str:
        """What is said when the database of that moment is made in a new folder."""
        make_private_folder(to)
        return self.run("restore", AT=at, PGDATA=str(to), **variables)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """In here the log is received, and what is due is backed up."""
        with (self.folder / "keep.log").open("wb") as log:
            keeping = subprocess.Popen(
                self._command("keep"), env=self._environment({}), cwd=REPOSITORY, stdout=log, stderr=log
            )
        try:
            yield
        finally:
            keeping.send_signal(signal.SIGTERM)
            keeping.wait()
            self.run("stop")

    def _command(self, verb: str) -> list[str]:
        return as_account([sys.executable, "-m", "deploy.archive", verb], self.folder)

    def _environment(self, variables: dict[str, str]) -> dict[str, str]:
        return {
            "PATH": PROGRAMS,
            "PYTHONDONTWRITEBYTECODE": "1",
            "ARCHIVE": str(self.folder / "barman"),
            "ARCHIVE_RUN": str(self.folder / "run"),
            "ARCHIVE_DATABASE": f"host={self.cluster.socket_folder} user={SUPERUSER} dbname=splot",
            "ARCHIVE_PASSWORD_FILE": str(self.folder / "password"),
            "POSTGRES_BINARIES": str(Path(binary("psql")).parent),
            **variables,
        }


def archive_beside(cluster: Cluster, folder: Path) -> KeptArchive:
    """An empty archive in that folder."""
    make_private_folder(folder)
    make_private_folder(folder / "barman")
    write_private_file(folder / "password", cluster.password or "")
    return KeptArchive(cluster, folder)
