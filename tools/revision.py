"""A new migration from the table classes: `python -m tools.revision registry "add closed_at to institutions"`.

A temporary PostgreSQL is started and migrated to the newest revision; the differences to the table
classes are the new migration. It needs no preparation, and changes no other database.
"""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script

from onebox.postgres import ephemeral_postgres
from onebox.stack import services_here
from services.chassis.migrating import ROOT, migrate, provision

MESSAGE = re.compile(r"[a-z]+( [a-z0-9_]+)+")
USAGE = 'make revision service=registry message="add closed_at to institutions"'


def revise(url: str, service: str, message: str) -> Path:
    """The file of the new migration, made against the empty server of that URL."""

    async def bring_up_to_date() -> None:
        await provision(url, service, "unused")
        await migrate(url, service)

    asyncio.run(bring_up_to_date())
    config = Config(ROOT / "alembic.ini", ini_section=service)
    config.attributes["url"] = url
    number = len(list((ROOT / f"services/{service}/migrations/versions").glob("[0-9]*.py"))) + 1
    script = command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
    if not isinstance(script, Script):
        raise TypeError("one revision was asked for")
    return Path(script.path)


def tidy(path: Path) -> None:
    """Format a file, and remove the generator's remarks and unused imports."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^ +# ### .*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([ruff, "check", "--quiet", "--fix", path], check=True)
    subprocess.run([ruff, "format", "--quiet", path], check=True)


def main(service: str = "", message: str = "") -> str | None:
    """The error, in one sentence; None when the migration was written."""
    if service not in services_here() or not MESSAGE.fullmatch(message):
        return f"usage: {USAGE} (a verb, then what it is about, in lower case)"
    # With this variable `ephemeral_postgres` would use that server, and leave the new
    # tables on it.
    os.environ.pop("ADMIN_DATABASE_URL", None)
    with ephemeral_postgres() as url:
        path = revise(url, service, message)
    tidy(path)
    sys.stdout.write(f"{path.relative_to(ROOT)}: read it, it is a draft\n")
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
