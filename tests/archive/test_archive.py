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
NOW = "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A running cluster in a folder of its own; PostgreSQL's account has to pass through, and pytest's are closed."""
    folder = Path(tempfile.mkdtemp(prefix="splot-archived-"))
    folder.chmod(0o711)
    cluster = cluster_at(folder / "postgres", password=PASSWORD, options=THROW_AWAY)
    try:
        create_cluster(cluster)
        server = start_server(cluster, folder / "postgres.log")
        try:
            yield cluster
        finally:
            stop_server(server)
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


async def rows_in(folder: Path) -> tuple[str, str]:
    """The rows of a restored database, and to which moment it says it was restored."""
    cluster = cluster_at(folder, password=PASSWORD, options=THROW_AWAY)
    server = start_server(cluster, folder.with_name("restored.log"))
    try:
        rows = await ask(cluster, "SELECT string_agg(name, ' ' ORDER BY name) FROM marks")
        return rows, await ask(cluster, "SELECT current_setting('splot.restored_to')")
    finally:
        stop_server(server)


def backed_up(archive: KeptArchive) -> None:
    """Wait for the first backup, which is made at once."""
    log = archive.folder / "keep.log"
    subprocess.run(
        ["timeout", "60", "sh", "-c", 'until grep -q "backed up\\|not kept" "$0"; do sleep 0.1; done', str(log)],
        check=True,
    )
    assert "not kept" not in log.read_text(), log.read_text()


async def test_a_moment_comes_back_and_what_followed_does_not(cluster: Cluster) -> None:
    await ask(cluster, "CREATE DATABASE splot", "SELECT 1", database="postgres")
    folder = cluster.data.parent
    archive = archive_beside(cluster, folder / "archive")
    with archive.kept():
        await ask(cluster, "CREATE TABLE marks (name text)", "INSERT INTO marks VALUES ('before')", "SELECT 1")
        backed_up(archive)
        # After the backup, and in a segment of the log that is not full when it is needed.
        await ask(cluster, "INSERT INTO marks VALUES ('until')", "SELECT 1")
        moment = await ask(cluster, NOW)
        await ask(cluster, "INSERT INTO marks VALUES ('after')", "SELECT pg_sleep(0.5)")
    assert "restored" in archive.restore(moment, folder / "moment")
    rows, restored_to = await rows_in(folder / "moment")
    assert rows == "before until"
    assert restored_to.startswith(moment[:19])
    with pytest.raises(AssertionError, match="nothing is restored over a database"):
        archive.restore("latest", folder / "moment")
    archive.restore("latest", folder / "latest")
    assert (await rows_in(folder / "latest"))[0] == "after before until"
    for wrong, why in (("2000-01-01 00:00", "does not go back that far"), ("2100-01-01 00:00", "ends before")):
        with pytest.raises(AssertionError, match=why):
            archive.restore(wrong, folder / "wrong")
        assert not [*(folder / "wrong").iterdir()]
    assert PASSWORD not in "".join(log.read_text() for log in folder.glob("*.log"))
