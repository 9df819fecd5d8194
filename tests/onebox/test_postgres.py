"""The cluster of our own: thrown away without a trace, and kept through every way of dying."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen

import asyncpg
import pytest

from onebox.postgres import (
    THROW_AWAY,
    Cluster,
    ClusterError,
    cluster_at,
    create_cluster,
    ephemeral_postgres,
    server_url,
    start_server,
    stop_server,
)
from onebox.processes import command_line, identity, stop_stranded, wait_until

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="splot-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def cluster(folder: Path) -> Cluster:
    cluster = cluster_at(folder / "postgres", password="a secret: /?@%", options=THROW_AWAY)
    (folder / "postgres.unfinished").mkdir()
    (folder / "postgres.unfinished" / "PG_VERSION").write_text("a creation that was killed")
    assert create_cluster(cluster)
    return cluster


async def ask(cluster: Cluster, *statements: str) -> object:
    connection = await asyncpg.connect(server_url(cluster).replace("+asyncpg", ""))
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


async def test_a_throw_away_cluster_leaves_neither_process_nor_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADMIN_DATABASE_URL", raising=False)
    with ephemeral_postgres() as url:
        data = Path(url.partition("?host=")[2])
        server = int((data / "postmaster.pid").read_text().split()[0])
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        assert (
            await connection.fetchval("SELECT datlocale FROM pg_database WHERE datname = current_database()")
            == "C.UTF-8"
        )
        await connection.close()
    assert identity(server) is None
    assert not data.parent.exists()


def test_an_external_server_goes_before_a_throw_away_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_DATABASE_URL", "postgresql+asyncpg://admin@database/splot")
    with ephemeral_postgres() as url:
        assert url == "postgresql+asyncpg://admin@database/splot"


async def test_a_killed_server_starts_again_with_all_it_committed(cluster: Cluster, folder: Path) -> None:
    server = start_server(cluster, folder / "log")
    await ask(cluster, "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('here') RETURNING value")
    server.send_signal(signal.SIGKILL)
    server.wait()
    assert (cluster.data / "postmaster.pid").exists()
    server = start_server(cluster, folder / "log")
    try:
        assert await ask(cluster, "SELECT value FROM kept") == "here"
    finally:
        stop_server(server)
    assert server.returncode == 0


async def test_a_stale_record_that_names_a_stranger_does_not_keep_the_server_down(
    cluster: Cluster, folder: Path
) -> None:
    server = start_server(cluster, folder / "log")
    record = (cluster.data / "postmaster.pid").read_text().splitlines()
    stop_server(server)
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getppid()), *record[1:]]))
    stop_server(start_server(cluster, folder / "log"))
    assert identity(os.getppid()) is not None


async def test_the_server_refuses_a_wrong_password_and_listens_on_no_port(cluster: Cluster, folder: Path) -> None:
    server = start_server(cluster, folder / "log")
    try:
        assert await ask(cluster, "SHOW listen_addresses") == ""
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(server_url(cluster, password="another").replace("+asyncpg", ""))
    finally:
        stop_server(server)


@pytest.mark.skipif(not shutil.which("setpriv"), reason="only Linux ends children with their parent")
def test_the_server_ends_with_a_parent_that_is_killed(cluster: Cluster, folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from onebox.postgres import *\n"
        "server = start_server(cluster_at(Path(sys.argv[1])), Path(sys.argv[2]))\n"
        "print(server.pid, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(cluster.data), str(folder / "log")]
    with Popen(command, stdin=PIPE, stdout=PIPE, cwd=REPOSITORY) as parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        assert str(cluster.data) in (command_line(server) or "")
        parent.kill()
    assert wait_until(lambda: identity(server) is None, 20)


def test_a_surviving_server_is_taken_over(cluster: Cluster, folder: Path) -> None:
    survivor = start_server(cluster, folder / "log")
    known = identity(survivor.pid)
    server = start_server(cluster, folder / "log")
    stop_server(server)
    assert known is not None
    assert survivor.poll() == 0


def test_a_long_path_moves_the_socket_to_a_short_one(tmp_path: Path) -> None:
    cluster = cluster_at(tmp_path / ("long" * 30) / "postgres")
    assert len(str(cluster.socket_folder / ".s.PGSQL.5432")) < 108
    assert cluster.socket_folder == cluster_at(cluster.data).socket_folder


def test_a_cluster_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("17\n")
    with pytest.raises(ClusterError, match="17"):
        create_cluster(cluster_at(tmp_path))


def test_a_process_that_is_gone_is_no_longer_stopped() -> None:
    with Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    stop_stranded(process.pid)
    assert identity(process.pid) is None
