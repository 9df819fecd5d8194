"""The archive is kept: the log streams in, and a backup is made once a day."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from deploy.archive.programs import SERVER, Archive, Failed

SECONDS_BETWEEN_LOOKS = 60.0
# A role of its own: it reads the log and makes backups, and reads no table by a query.
ROLE = """
\\getenv password ARCHIVE_PASSWORD
SELECT 'CREATE ROLE splot_archive' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'splot_archive') \\gexec
ALTER ROLE splot_archive LOGIN REPLICATION PASSWORD :'password';
GRANT CONNECT ON DATABASE splot TO splot_archive;
GRANT pg_checkpoint, pg_read_all_settings, pg_read_all_stats TO splot_archive;
GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_switch_wal(),
    pg_create_restore_point(text) TO splot_archive;
"""
_HAS_SLOT = (
    "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = 'splot_archive')"
)
_RECEIVED = _HAS_SLOT.replace("')", "' AND active)")
_TIMELINE = "SELECT timeline_id FROM pg_control_checkpoint()"
# A transaction of its own each minute: recovery to a moment needs one that comes after.
_MARK = "SELECT pg_current_xact_id()"


def tell(line: str) -> None:
    """A line of the log."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def keep(archive: Archive, daily_at: str) -> None:
    """For ever: whatever fails is told, and tried again a minute later."""
    while True:
        try:
            look(archive, daily_at, datetime.now(UTC))
        except Failed as failed:
            tell(f"the archive is not kept: {failed}")
        time.sleep(SECONDS_BETWEEN_LOOKS)


def look(archive: Archive, daily_at: str, now: datetime) -> None:
    """See to it that the log is received, and back up when the day's hour is over."""
    archive.ask(_MARK)
    _begin_anew_after_restore(archive)
    archive.barman("cron")
    if is_due(_last_backup(archive), daily_at, now):
        back_up(archive)
    archive.barman("check", SERVER)
    archive.stamp.touch()


def is_kept(archive: Archive) -> bool:
    """Whether all was well within the last three minutes."""
    stamp = archive.stamp
    return (
        stamp.exists()
        and time.time() - stamp.stat().st_mtime < 3 * SECONDS_BETWEEN_LOOKS
    )


def back_up(archive: Archive) -> None:
    """One whole backup now, of a database whose log is received."""
    begun = time.monotonic()
    _wait_until_received(archive)
    _receive_a_segment(archive)
    archive.barman("backup", SERVER)
    tell(f"backed up in {time.monotonic() - begun:.0f} s")


def is_due(last: datetime | None, daily_at: str, now: datetime) -> bool:
    """Whether the newest backup is older than the day's hour (in UTC)."""
    hour, minute = map(int, daily_at.split(":"))
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    due = today if today <= now else today - timedelta(days=1)
    return last is None or last < due


def _last_backup(archive: Archive) -> datetime | None:
    listed = json.loads(archive.barman("-f", "json", "list-backups", SERVER))
    begun = [
        # Its name is when it was begun, in UTC.
        datetime.strptime(one["backup_id"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        for one in listed.get(SERVER, [])
        if one["status"] == "DONE"
    ]
    return max(begun, default=None)


def _begin_anew_after_restore(archive: Archive) -> None:
    """A restored database goes another way than the log that is being received."""
    timeline = int(archive.ask(_TIMELINE))
    left = [path for path in archive.partial if int(path.name[:8], 16) < timeline]
    if left:
        with suppress(Failed):
            # It may not have begun: a container that starts has nothing that runs.
            archive.barman("receive-wal", "--stop", SERVER)
        for path in left:
            # The end of the other way: whoever restores anew may want a moment in it.
            path.rename(path.with_suffix(""))
        archive.barman("archive-wal", SERVER)
        # A slot is no part of a backup.
        if archive.ask(_HAS_SLOT) != "t":
            archive.barman("receive-wal", "--create-slot", SERVER)
        archive.barman("receive-wal", "--reset", SERVER)
        # Points after the restore are reached from a backup of its own.
        back_up(archive)


def _wait_until_received(archive: Archive) -> None:
    """Barman's `cron` starts what receives the log, and again where that has ended."""
    for _ in range(6):
        archive.barman("cron")
        with suppress(Failed):
            _wait(lambda: archive.ask(_RECEIVED) == "t", 10)
            return
    raise Failed("the write-ahead log does not come in")


def _receive_a_segment(archive: Archive) -> None:
    """Barman makes no backup before a whole segment of the log has come in."""
    if any((archive.home / SERVER / "wals").glob("*/*")):
        return
    archive.ask("SELECT pg_switch_wal()")
    # The end of a segment is sent when something stands in the next one.
    archive.ask(_MARK)
    _wait(lambda: any((archive.home / SERVER / "streaming").glob("?" * 24)))
    archive.barman("archive-wal", SERVER)


def _wait(is_so: Callable[[], bool], seconds: int = 60) -> None:
    for _ in range(5 * seconds):
        if is_so():
            return
        time.sleep(0.2)
    raise Failed("the write-ahead log does not come in")
