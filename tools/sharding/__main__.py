"""What a distribution by county would need: from the tables (`python -m tools.sharding --tables`), and from statements.

`STATEMENTS=FOLDER make test` records the statements that the services send; `python -m tools.sharding FOLDER` then
fails when a statement would cross shards and `named.py` has no reason for it.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

from sqlglot.errors import SqlglotError

from tools.sharding import schema
from tools.sharding.judging import Reach, Verdict, judge
from tools.sharding.named import reason_for
from tools.sharding.placements import DISTRIBUTED

_WORD = re.compile(r"\w+")


def tables() -> str:
    """The constraints that would have to change, as a table in Markdown."""
    lines = ["| table | constraint of today | what it would take |", "|---|---|---|"]
    for service in sorted(DISTRIBUTED):
        for table, constraint, why in schema.changes(service):
            lines.append(f"| {service}.{table} | {constraint} | {why} |")
    return "\n".join(lines) + "\n"


def recorded(folder: Path) -> list[tuple[str, str]]:
    """Every statement once, with the service that sent it."""
    statements: set[tuple[str, str]] = set()
    for file in sorted(folder.glob("*.ndjson")):
        lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
        statements |= {(role.removesuffix("_app"), text) for role, text in lines}
    return sorted((service, text) for service, text in statements if service in DISTRIBUTED)


def judged(statements: list[tuple[str, str]]) -> list[tuple[str, str, Verdict | None]]:
    """Each statement with its verdict; None where it cannot be parsed."""
    verdicts: list[tuple[str, str, Verdict | None]] = []
    for service, text in statements:
        try:
            verdicts.append((service, text, judge(service, text)))
        except SqlglotError:
            words = set(_WORD.findall(text))
            harmless = Verdict(Reach.NONE, ()) if not words & DISTRIBUTED[service] else None
            verdicts.append((service, text, harmless))
    return verdicts


def report(verdicts: list[tuple[str, str, Verdict | None]]) -> int:
    """Print the numbers by reach, and the statements without a reason; returns 1 if there are any, or none at all."""
    counts: Counter[tuple[str, str]] = Counter()
    unnamed = []
    for service, text, verdict in verdicts:
        counts[service, _kind(verdict)] += 1
        if reason_for(service, verdict) is None:
            unnamed.append((service, verdict, text))
    for (service, kind), count in sorted(counts.items()):
        sys.stdout.write(f"{service}: {count} {kind}\n")
    for service, verdict, text in unnamed:
        where = ", ".join(verdict.tables) if verdict else "not readable"
        sys.stdout.write(f"NOT NAMED: {service} ({where}): {' '.join(text.split())[:600]}\n")
    sys.stdout.write(f"statements: {len(unnamed)} of {len(verdicts)} would cross shards and are not named\n")
    return 1 if unnamed or not verdicts else 0


def _kind(verdict: Verdict | None) -> str:
    if verdict is None:
        return "cannot be read"
    kinds = {
        Reach.NONE: "of tables that stay whole",
        Reach.ONE_COUNTY: "of one county",
        Reach.SOME_COUNTIES: "of some counties",
        Reach.BY_ID: "by an id",
        Reach.EVERY_SHARD: "of every shard",
    }
    marks = [", joined apart"] * verdict.joined_apart + [", moves a row"] * verdict.moves
    return kinds[verdict.reach] + "".join(marks)


def main() -> int:
    """The command line."""
    if sys.argv[1:] == ["--tables"]:
        sys.stdout.write(tables())
        return 0
    [folder] = sys.argv[1:]
    return report(judged(recorded(Path(folder))))


if __name__ == "__main__":
    sys.exit(main())
