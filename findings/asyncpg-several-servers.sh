#!/usr/bin/env bash
# asyncpg: an address with several database servers, of which one is to be taken.
# Expected: as with libpq, each server has its own time to answer; and SQLAlchemy's form for
#   several servers (`?host=a:1&host=b:2`) names them to the driver as well.
# Happens: `timeout` is the time of all servers together: a first one that takes the connection
#   and says nothing uses it up, and the second one is never asked. Of a `host` that is given
#   more than once only the last one is asked, without a word.
# Seen in: asyncpg 0.32.0, SQLAlchemy 2.1.9.
# So: write `?host=a,b&port=1,2`, and ask each server with a time limit of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check asyncpg==0.32.0 'SQLAlchemy[asyncio]==2.1.9'
timeout 60 "$folder/venv/bin/python" - <<'PYTHON'
import asyncio
from functools import partial
from importlib.metadata import version

import asyncpg
from sqlalchemy import make_url


async def asked(url: str, *, first_is_silent: bool) -> tuple[str, list[int]]:
    """What comes of an address, and how often each of its two servers was asked."""
    counts = [0, 0]

    async def taken(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        counts[number] += 1
        if first_is_silent and number == 0:
            await reader.read()
        writer.close()

    listening = [await asyncio.start_server(partial(taken, number), "127.0.0.1", 0) for number in (0, 1)]
    first, second = [each.sockets[0].getsockname()[1] for each in listening]
    try:
        await asyncpg.connect(url.format(first=first, second=second), timeout=2, ssl=False)
        said = "connected"
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        said = type(error).__name__
    [each.close() for each in listening]
    return said, counts


async def main() -> None:
    listed = "postgresql://ada@/records?host=127.0.0.1,127.0.0.1&port={first},{second}"
    repeated = "postgresql://ada@/records?host=127.0.0.1:{first}&host=127.0.0.1:{second}"
    print("asyncpg", version("asyncpg"), "SQLAlchemy", version("SQLAlchemy"))
    print("listed, the first one silent:", *(told := await asked(listed, first_is_silent=True)))
    assert told[0] == "TimeoutError" and told[1][1] == 0, "the second server has a time of its own now"
    print("repeated:", *(told := await asked(repeated, first_is_silent=False)))
    assert told[1][0] == 0 and told[1][1] > 0, "each `host` that is repeated is asked now"
    url = make_url(repeated.format(first=1, second=2).replace("postgresql:", "postgresql+asyncpg:"))
    hosts = url.get_dialect()().create_connect_args(url)[1]["host"]
    print("repeated, as SQLAlchemy reads it:", hosts)
    assert hosts == ["127.0.0.1"] * 2


asyncio.run(main())
PYTHON
