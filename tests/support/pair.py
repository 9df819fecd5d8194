"""A server and another one that follows it by streaming replication, as the embedded PostgreSQL has them."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from sqlalchemy import make_url

from onebox.accounts import as_account, make_private_folder
from onebox.postgres import (
    ENVIRONMENT,
    THROW_AWAY,
    Cluster,
    binary,
    cluster_at,
    create_cluster,
    server_url,
    start_server,
    stop_server,
)


@dataclass
class Pair:
    """Both servers; the second one follows until it is promoted."""

    leader: Cluster
    follower: Cluster
    leading: Popen[bytes]
    following: Popen[bytes]

    def url(self, *clusters: Cluster, user: str | None = None, password: str | None = None) -> str:
        """The address of these, as an operator writes it."""
        folders = ",".join(str(cluster.socket_folder) for cluster in clusters)
        query = {"host": folders} | ({"port": ",".join("5432" for _ in clusters)} if len(clusters) > 1 else {})
        url = make_url(server_url(clusters[0])).set(query=query)
        named = url.set(username=user or url.username, password=password)
        return named.render_as_string(hide_password=False)

    @property
    def both(self) -> tuple[Cluster, Cluster]:
        return self.leader, self.follower


@contextmanager
def pair() -> Iterator[Pair]:
    """A pair that is thrown away."""
    folder = Path(tempfile.mkdtemp(prefix="splot-"))
    leader, follower = (cluster_at(folder / name, options=THROW_AWAY) for name in ("leader", "follower"))
    servers = []
    try:
        create_cluster(leader)
        servers.append(start_server(leader, folder / "leader.log"))
        make_private_folder(follower.data)
        _copy(leader, follower)
        servers.append(start_server(follower, folder / "follower.log"))
        yield Pair(leader, follower, *servers)
    finally:
        for server in servers:
            stop_server(server)
        shutil.rmtree(folder, ignore_errors=True)


def _copy(leader: Cluster, follower: Cluster) -> None:
    command = [binary("pg_basebackup"), "--host", str(leader.socket_folder), "--username", "postgres"]
    command += ["--pgdata", str(follower.data), "--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf"]
    command += ["--no-sync"]
    subprocess.run(
        as_account(command, follower.data), check=True, capture_output=True, env=ENVIRONMENT, cwd=follower.data
    )
