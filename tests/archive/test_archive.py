"""A cluster is backed up and goes on; a fresh folder gets it back as it was at a moment, and no other folder does."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from onebox.postgres import THROW_AWAY, Cluster, cluster_at, create_cluster, server_url, start_server, stop_server
from tests.archive.archives import IS_HERE, KeptArchive, archive_beside

pytestmark = pytest.mark.skipif(not IS_HERE, reason="barman and rsync are not installed")
PASSWORD = "a:b\\c d"
MARKS = "SELECT string_agg(name, ' ' ORDER BY name) FROM marks"
NOW = "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


class Running:
    """A cluster that runs, and another one in its place."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.start()

    def start(self) -> None:
        """Start it."""
        self.server = start_server(self.cluster, self.cluster.data.with_name("postgres.log"))

    def replace_by(self, folder: Path) -> None:
        """Stop it, and start what was restored in its place."""
        stop_server(self.server)
        self.cluster.data.rename(folder.with_name(f"before-{folder.name}"))
        folder.rename(self.cluster.data)
        self.start()


@pytest.fixture
def running() -> Iterator[Running]:
    """A running cluster in a folder of its own; PostgreSQL's account has to pass through, and pytest's are closed."""
    folder = Path(tempfile.mkdtemp(prefix="splot-archived-"))
    folder.chmod(0o711)
    cluster = cluster_at(folder / "postgres", password=PASSWORD, options=THROW_AWAY)
    try:
        create_cluster(cluster)
        running = Running(cluster)
        try:
            yield running
        finally:
            stop_server(running.server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def ask(cluster: Cluster, *statements: str, database: str = "splot") -> str:
    """What the last statement answers."""
    url = server_url(cluster, database).replace("+asyncpg", "", 1)
    connection = await asyncpg.connect(url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return str(await connection.fetchval(statements[-1]))
    finally:
        await connection.close()


def backed_up(archive: KeptArchive) -> None:
    """Wait for the first backup, which is made at once."""
    log = archive.folder / "keep.log"
    subprocess.run(
        ["timeout", "60", "sh", "-c", 'until grep -q "backed up\\|not kept" "$0"; do sleep 0.1; done', str(log)],
        check=True,
    )
    assert "not kept" not in log.read_text(), log.read_text()


async def marked(cluster: Cluster, name: str) -> str:
    """Write a mark; the moment afterwards."""
    return await ask(cluster, f"INSERT INTO marks VALUES ('{name}')", NOW)


async def test_a_moment_comes_back_and_the_archive_goes_on_from_there(running: Running) -> None:
    cluster, folder = running.cluster, running.cluster.data.parent
    await ask(cluster, "CREATE DATABASE splot", "SELECT 1", database="postgres")
    archive = archive_beside(cluster, folder / "archive")
    with archive.kept():
        await ask(cluster, "CREATE TABLE marks (name text)", "SELECT 1")
        await marked(cluster, "before")
        backed_up(archive)
        # After the backup, and in a segment of the log that is not full when it is needed.
        moment = await marked(cluster, "until")
        await marked(cluster, "after")
        await ask(cluster, "SELECT pg_sleep(0.5)")
    with pytest.raises(AssertionError, match="ends before"):
        archive.restore("2100-01-01 00:00", folder / "moment")
    assert not [*(folder / "moment").iterdir()]
    archive.restore(moment, folder / "moment")
    with pytest.raises(AssertionError, match="nothing is restored over a database"):
        archive.restore(moment, folder / "moment")
    running.replace_by(folder / "moment")
    assert await ask(cluster, MARKS) == "before until"
    assert (await ask(cluster, "SELECT current_setting('splot.restored_to')")).startswith(moment[:19])
    with archive.kept():
        backed_up(archive)
        await marked(cluster, "anew")
        await ask(cluster, "SELECT pg_sleep(0.5)")
    for timeline, rows in (("", "anew before until"), ("1", "after before until")):
        archive.restore("latest", folder / f"way{timeline}", TIMELINE=timeline)
        running.replace_by(folder / f"way{timeline}")
        assert await ask(cluster, MARKS) == rows
    assert PASSWORD not in "".join(log.read_text() for log in folder.glob("*.log"))
