"""The description of a statement: what it does to which table, never its text."""

import re
from functools import lru_cache
from typing import NamedTuple

_LITERAL = re.compile(r"'(?:[^']|'')*'|\$\$.*?\$\$", re.DOTALL)
# A statement is named after a CTE that writes; `FOR UPDATE` and `DO UPDATE` are not.
_WRITES = re.compile(
    r"(?<!FOR )(?<!DO )\b(INSERT|UPDATE|DELETE|MERGE)\s+(?:INTO\s+|FROM\s+)?"
    r"(?:[a-z_]+\.)?([a-z_]+)\b",
    re.IGNORECASE,
)
_READS = re.compile(r"\bFROM\s+(?:[a-z_]+\.)?([a-z_]+)\b(?!\s*[(.])", re.IGNORECASE)
_FIRST = re.compile(r"\s*\(*\s*([a-z]+)", re.IGNORECASE)


class Described(NamedTuple):
    """The summary of a statement, and its attributes by OpenTelemetry's names."""

    summary: str
    attributes: dict[str, str]


@lru_cache(maxsize=4096)
def described(sql: str) -> Described:
    """The operation of a statement and its table, writes before reads.

    >>> described("SELECT a FROM events WHERE type = 'x FROM people'").summary
    'SELECT events'
    >>> described("WITH a AS (SELECT 1) INSERT INTO jobs SELECT FROM a").summary
    'INSERT jobs'
    """
    # A literal may hold any word.
    text = _LITERAL.sub("''", sql)
    write = _WRITES.search(text)
    if write is not None:
        operation, table = write[1].upper(), write[2]
    else:
        first, read = _FIRST.match(text), _READS.search(text)
        operation = first[1].upper() if first else "SQL"
        operation = "SELECT" if operation == "WITH" else operation
        table = read[1] if read else ""
    attributes = {"db.system.name": "postgresql", "db.operation.name": operation}
    if table:
        attributes["db.collection.name"] = table
    summary = f"{operation} {table}".strip()
    return Described(summary, {**attributes, "db.query.summary": summary})
