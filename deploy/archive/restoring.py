"""A database as it was at a moment, in a folder where there is none yet."""

import shutil
import subprocess
import time
from datetime import datetime
from pathlib import Path

from deploy.archive.keeping import tell
from deploy.archive.programs import SERVER, Archive, Failed

# As in compose: nothing that was written stands in the server's log.
QUIET = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
NO_BACKUP = "Cannot find any candidate backup"
ENDED_BEFORE = "recovery ended before configured recovery target was reached"
# What Barman wrote for the recovery; afterwards it would only mislead.
WRITTEN = (
    "restore_command",
    "recovery_end_command",
    "recovery_target_time",
    "recovery_target_action",
    "recovery_target_timeline",
)
_REPLAYED = "SELECT coalesce(pg_last_xact_replay_timestamp()::text, 'the backup')"


def restore(
    archive: Archive, folder: Path, moment: datetime | None, timeline: str = ""
) -> str:
    """The database of that moment (None: as late as the archive goes), ready to start.

    `timeline`: of which way of the log, where an earlier restore has left it. The time
    of the last transaction in it. Failed leaves nothing in the folder.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Failed(f"{folder} is not empty: nothing is restored over a database")
    try:
        _copy(archive, folder, moment, timeline)
        return _recover(archive, folder, moment)
    except BaseException:
        _empty(folder)
        raise


def _copy(
    archive: Archive, folder: Path, moment: datetime | None, timeline: str
) -> None:
    begun = time.monotonic()
    target = ["--target-tli", timeline or "latest"]
    if moment:
        at = ["--target-time", moment.isoformat(" "), "--target-action", "promote"]
        target = [*at, *(target if timeline else [])]
    backup = "auto" if moment or timeline else "latest"
    try:
        archive.barman("restore", *target, SERVER, backup, str(folder))
    except Failed as failed:
        if NO_BACKUP in str(failed):
            raise Failed("the archive does not go back that far") from None
        raise
    segments = folder / "barman_wal"
    for partial in archive.partial:
        # What was received of the segment that is not full yet; the rest is zeros.
        copied = segments / partial.stem
        if not copied.exists():
            shutil.copyfile(partial, copied)
    folder.chmod(0o700)
    tell(f"the backup and its log are copied: {time.monotonic() - begun:.1f} s")


def _recover(archive: Archive, folder: Path, moment: datetime | None) -> str:
    begun, log = time.monotonic(), archive.run / "recovery.log"
    access = archive.run / "access.conf"
    access.write_text("local all all trust\n", encoding="ascii")
    settings = {
        **QUIET,
        "listen_addresses": "",
        "unix_socket_directories": str(archive.run),
        "hba_file": str(access),
        # Whoever asks gets an answer when all is done, and not in between.
        "hot_standby": "off",
        "recovery_init_sync_method": "syncfs",
        "max_wal_size": "2GB",
    }
    options = [part for each in settings.items() for part in ("-c", "=".join(each))]
    server = [str(archive.binaries / "postgres"), "-D", str(folder), *options]
    with log.open("wb") as output:
        running = subprocess.Popen(server, stdout=output, stderr=output)
    database = f"host={archive.run} user=postgres dbname=splot"
    try:
        _wait(archive, running, log)
        replayed = archive.psql(database, _REPLAYED)
        told = moment.isoformat() if moment else f"latest, {replayed}"
        resets = "".join(f"ALTER SYSTEM RESET {name};\n" for name in WRITTEN)
        # Services see by it what they have to do before they serve (casework).
        noted = f"ALTER DATABASE splot SET splot.restored_to = '{told}';\n"
        archive.psql(database, resets + noted)
    finally:
        running.terminate()
        running.wait()
    shutil.rmtree(folder / "barman_wal", ignore_errors=True)
    tell(f"the log is replayed: {time.monotonic() - begun:.1f} s")
    return replayed


def _wait(archive: Archive, running: "subprocess.Popen[bytes]", log: Path) -> None:
    asked = [str(archive.binaries / "pg_isready"), "-q", "-h", str(archive.run)]
    while subprocess.run(asked, check=False).returncode:
        if running.poll() is not None:
            raise Failed(_why(log.read_text(errors="replace")))
        time.sleep(0.1)


def _why(log: str) -> str:
    if ENDED_BEFORE in log:
        return (
            "the archive ends before that moment: take an earlier one, or AT=latest for"
            " all that there is"
        )
    return f"the database does not start:\n{log[-2000:]}"


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
