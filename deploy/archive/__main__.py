"""`python3 -m deploy.archive VERB`: `grant` makes the role once, `keep` runs for ever, and `backup`, `check`,
`list`, `restore` do what they say; `stop` ends what receives the log."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deploy.archive import keeping, restoring
from deploy.archive.moments import NoMoment, moment_of
from deploy.archive.programs import SERVER, Archive, Failed, archive_of


def _grant(archive: Archive) -> None:
    # Read by this process alone: whoever keeps the archive is no superuser.
    written = Path("/run/secrets/admin_database_url").read_text(encoding="ascii")
    url = urlsplit(written.strip())
    database = f"host={url.hostname} port={url.port or 5432} user={url.username}"
    secrets = {
        "PGPASSWORD": unquote(url.password or ""),
        "ARCHIVE_PASSWORD": archive.password_file.read_text(encoding="ascii").strip(),
    }
    name = url.path.lstrip("/")
    archive.psql(f"{database} dbname={name}", keeping.ROLE, **secrets)


def _keep(archive: Archive) -> None:
    keeping.keep(archive, os.environ.get("BACKUP_AT", "01:30"))


def _check(archive: Archive) -> None:
    archive.barman("check", SERVER)


def _healthy(archive: Archive) -> None:
    if not keeping.is_kept(archive):
        raise Failed("the archive is not kept: its log says why")


def _list(archive: Archive) -> None:
    sys.stdout.write(archive.barman("list-backups", SERVER))


def _stop(archive: Archive) -> None:
    archive.barman("receive-wal", "--stop", SERVER)


def _restore(archive: Archive) -> None:
    moment = moment_of(os.environ.get("AT", ""))
    folder = Path(os.environ.get("PGDATA", "/var/lib/postgresql/18/docker"))
    keeping.tell(f"restoring to {moment.isoformat() if moment else 'the end'}")
    timeline = os.environ.get("TIMELINE", "")
    replayed = restoring.restore(archive, folder, moment, timeline)
    keeping.tell(f"restored; the last transaction in it is of {replayed}")


VERBS: Mapping[str, Callable[[Archive], None]] = {
    "grant": _grant,
    "keep": _keep,
    "backup": keeping.back_up,
    "check": _check,
    "healthy": _healthy,
    "list": _list,
    "stop": _stop,
    "restore": _restore,
}


def main() -> int:
    """0 when it was done; 1 with the reason."""
    archive = archive_of(os.environ)
    try:
        archive.prepare()
        VERBS[sys.argv[1]](archive)
    except (Failed, NoMoment) as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
