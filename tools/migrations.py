"""Lints the SQL that the migrations would run: `python -m tools.migrations [SERVICE …]`; without a name, all.

Every revision is rendered to SQL without a database and read by squawk, one file per revision, so a finding names it.
"""

import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from onebox.stack import services_here

ROOT = Path(__file__).resolve().parents[1]
SQUAWK = Path(sys.executable).with_name("squawk")
# Rules that are switched off, each with its reason. Every other finding of squawk is an error.
EXCLUDED = {
    "prefer-bigint-over-int": "keys are UUIDs or bigint identities; what is int counts places, tries and versions",
    "prefer-identity": "the queue's tables are made by the library's own statements",
    "prefer-text-field": "the one varchar is of Alembic's own version table",
    "require-lock-timeout": "services/chassis/migrating.py sets it before the first statement",
    "require-statement-timeout": "a migration may take long; what must not happen is waiting for a lock, see above",
}

# A service that has never been released has no rows and no clients when its first migrations run. The dangers that
# squawk warns of (locks on full tables, columns in use) cannot occur then; from the first release on they can.
UNRELEASED = {"casework": 28, "training": 18}
HARMLESS_WITHOUT_ROWS = (
    "adding-field-with-default",
    "adding-foreign-key-constraint",
    "adding-not-nullable-field",
    "adding-required-field",
    "ban-drop-column",
    "ban-drop-constraint",
    "ban-drop-not-null",
    "constraint-missing-not-valid",
    "require-concurrent-index-creation",
    "require-concurrent-index-deletion",
)


def sql_of(service: str, revision: str, parent: str | None) -> str:
    """The statements of one revision, as they would be run after its parent."""
    output = StringIO()
    config = Config(ROOT / "alembic.ini", ini_section=service, output_buffer=output)
    command.upgrade(config, f"{parent or 'base'}:{revision}", sql=True)
    return output.getvalue()


def revisions(service: str) -> list[tuple[str, str | None]]:
    """Every revision of a service with its parent, oldest first."""
    script = ScriptDirectory.from_config(Config(ROOT / "alembic.ini", ini_section=service))
    steps = [(step.revision, step.down_revision) for step in script.walk_revisions()]
    return [(revision, parent if isinstance(parent, str) else None) for revision, parent in reversed(steps)]


def _head(service: str, revision: str) -> str:
    """The first line of a file for squawk: the rules that it ignores in this file."""
    if int(revision) > UNRELEASED.get(service, 0):
        return ""
    return f"-- squawk-ignore-file {', '.join(HARMLESS_WITHOUT_ROWS)}\n"


def lint(services: list[str]) -> int:
    """Squawk's exit code over all revisions of these services; 1 when there is nothing to lint."""
    with tempfile.TemporaryDirectory() as folder:
        for service in services:
            for revision, parent in revisions(service):
                path = Path(folder) / f"{service}-{revision}.sql"
                path.write_text(_head(service, revision) + sql_of(service, revision, parent), encoding="utf-8")
        files = sorted(Path(folder).glob("*.sql"))
        if not files:
            sys.stderr.write("there is no migration to lint\n")
            return 1
        arguments = ["--pg-version", "18.0", f"--exclude={','.join(EXCLUDED)}"]
        return subprocess.run([SQUAWK, *arguments, *files], check=False).returncode


if __name__ == "__main__":
    sys.exit(lint(sys.argv[1:] or list(services_here())))
