"""Register files into tables: parsed in a process of its own, staged, merged.

Good rows are imported, bad ones reported by line; a file that is broken as a whole
leaves nothing. All is the job's one transaction: repeating a file changes nothing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy import select

from services.chassis.background.jobs import Job, JobRun, Outcome
from services.chassis.data.tables import JOB_FILES
from services.chassis.data.work import Change
from services.chassis.ground.logs import logger
from services.chassis.ground.problems import Problem
from services.chassis.servers.leases import Driver
from services.chassis.tabular.rows import Finding
from services.chassis.transfer.files import Broken, Order
from services.chassis.transfer.parser import NULL, RowRule
from services.chassis.transfer.parsing import (
    MOST_ROW_PROBLEMS,
    Parsed,
    parsed,
    parser_process,
)
from services.chassis.wording.refusals import add_words

# Rows merged at first, then as many as before: merging begins early, and steps grow.
FIRST_ROWS = 1_000
PARSER_SECONDS = 300
PARSER_BYTES = 1_610_612_736
_SIZE = "SELECT count(*), coalesce(sum(octet_length(content)), 0) FROM job_files WHERE job_id = $1"
_REJECTED = "SELECT DISTINCT line, pointer, code FROM staging_problems ORDER BY line"
_WARNINGS = "SELECT DISTINCT line, pointer, code FROM staging_warnings ORDER BY line"

log = logger("imports")
add_words(
    {
        "unknown_column": (
            "has a heading that is not known: the column was not read",
            "ma nagłówek, którego nie znamy: kolumny nie odczytano",
        ),
        "column_missing": (
            "has no column in the file: was it renamed?",
            "nie ma kolumny w pliku: czy nie zmieniono jej nazwy?",
        ),
        "column_without_heading": (
            "stands in a column without a heading, which was not read",
            "jest w kolumnie bez nagłówka, której nie odczytano",
        ),
        "sheet_not_read": (
            "is in a further sheet of the workbook: only the first one was read",
            "jest w kolejnym arkuszu skoroszytu: odczytano tylko pierwszy",
        ),
        "cell_in_error": (
            "holds an error of the spreadsheet, such as #N/A",
            "zawiera błąd arkusza, na przykład #N/D!",
        ),
        "formula_not_calculated": (
            "holds a formula without a result: open the file and save it",
            "zawiera formułę bez wyniku: otwórz plik i zapisz go ponownie",
        ),
    }
)


class FileRefused(Problem):
    """The file cannot be taken as a whole."""

    status, title_pl = 422, "Pliku nie można przyjąć w całości"


class FileResult(BaseModel):
    """What became of the rows of a file."""

    rows: int = Field(description="rows that were read")
    created: int = Field(description="things that are new")
    changed: int = Field(description="things that were there and are different now")
    unchanged: int = Field(description="things that were there already as they are")
    rejected: int = Field(description="rows that were not taken")
    problems: int = Field(description="faults of rows, one by one at `/problems`")
    warnings: int = Field(description="what was not read, one by one at `/problems`")
    dry_run: bool = Field(description="whether nothing was written")


class Merged(NamedTuple):
    """The counts of merging the staged rows."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Import:
    """One kind of file: how its rows are judged, staged and merged.

    `staging` gives the columns of the temporary table `staging` (beside `line`) their
    SQL types, in the order of the rule's values. `fields` maps the file's column names
    to the rule's fields. `unique`: staging columns that no two rows may have equal,
    among those equal in `unique_within`. `merge` changes the tables by statements over
    `staging`, writes audit and events, and returns counts; it gets at most
    `rows_at_once` rows while the next ones are parsed, or the whole file. `finish` is
    called once at the end. `ignored` columns are known and not imported; other unknown
    ones are warnings, and in an official file also missing ones, which may have been
    renamed. `derived` maps the pointer of a problem to the fields that its value was
    made of. `context` returns JSON, with which the parser's process calls `rule` to
    make the rule. `permission`: needed to send such files.
    """

    kind: str
    rule: RowRule | Callable[[Any], RowRule]
    staging: Mapping[str, str]
    merge: Callable[[Change, JobRun], Awaitable[Merged]]
    fields: Mapping[str, str] = field(default_factory=dict)
    required: Sequence[str] = ()
    unique: Sequence[str] = ()
    unique_within: Sequence[str] = ()
    rows_at_once: int | None = None
    finish: Callable[[Change, JobRun], Awaitable[None]] | None = None
    context: Callable[[Change, JobRun], Awaitable[Any]] | None = None
    ignored: Sequence[str] = ()
    is_official: bool = False
    judges_unknown: bool = False
    derived: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # UTF-8 first: nearly any bytes can be read as cp1250.
    encodings: Sequence[str] = ("utf-8", "cp1250")
    most_rows: int = 500_000
    permission: StrEnum | None = None

    def job(self) -> Job:
        """The background work, to be given to create_app()."""
        run = partial(_run, self)
        return Job(self.kind, run, FileResult, permission=self.permission)

    @property
    def rule_name(self) -> str:
        """The name by which another process finds the rule: `module:name`."""
        return f"{self.rule.__module__}:{self.rule.__qualname__}"

    def order(self, run: JobRun, size: int, context: Any = None) -> Order:
        columns = [*self.staging]
        parameters = run.parameters
        return Order(
            format=parameters["format"],
            size=size,
            rule=self.rule_name,
            fields=dict(parameters.get("fields") or self.fields),
            required=[*self.required],
            unique={
                name: [columns.index(each) for each in (name, *self.unique_within)]
                for name in self.unique
            },
            encodings=[*self.encodings],
            most_rows=self.most_rows,
            seconds=PARSER_SECONDS,
            memory=PARSER_BYTES,
            context=context,
            ignored=[*self.ignored],
            is_complete=bool(parameters.get("is_complete")),
            is_official=self.is_official,
            judges_unknown=self.judges_unknown,
        )

    def with_column(self, finding: Finding, columns: Mapping[str, int]) -> Finding:
        """A problem with the number of its column, if it has one."""
        name = finding.pointer.rpartition("/")[2]
        places = [columns.get(each) for each in (name, *self.derived.get(name, ()))]
        column = next((place for place in places if place), finding.column)
        return finding._replace(column=finding.column or column)


async def reject(change: Change, rows: str, *values: Any) -> None:
    """Move staged rows to the problems: `rows` selects line, pointer and code."""
    connection = await change.driver()
    await connection.execute(f"INSERT INTO staging_problems {rows}", *values)
    await connection.execute(
        "DELETE FROM staging USING staging_problems AS problem WHERE staging.line = problem.line"
    )


async def warn(change: Change, rows: str, *values: Any) -> None:
    """Warn of staged rows, imported anyway: `rows` selects line, pointer and code."""
    connection = await change.driver()
    await connection.execute(f"INSERT INTO staging_warnings {rows}", *values)


async def _run(kind: Import, change: Change, run: JobRun) -> Outcome:
    """Run the job of an import, in parts; returns its result and its problems."""
    connection = await change.driver()
    columns = ", ".join(f"{name} {type_}" for name, type_ in kind.staging.items())
    # Few statistics: for staged rows it is enough to tell few from many.
    await connection.execute(f"""
        CREATE TEMP TABLE staging (line integer NOT NULL, {columns}) ON COMMIT DROP;
        CREATE TEMP TABLE staging_problems (line integer, pointer text, code text) ON COMMIT DROP;
        CREATE TEMP TABLE staging_warnings (line integer, pointer text, code text) ON COMMIT DROP;
        SET LOCAL default_statistics_target = 10
    """)
    merged = Merged()
    async with parsing(kind, change, run) as rows:
        while not rows.ended:
            await _stage(kind, connection, run, rows)
            part = await kind.merge(change, run)
            merged = Merged(*map(sum, zip(merged, part, strict=True)))
            await connection.execute("TRUNCATE staging")
    if kind.finish is not None:
        await kind.finish(change, run)
    rejected = [Finding(*row) for row in await connection.fetch(_REJECTED)]
    warned_rows = await connection.fetch(_WARNINGS)
    warned_findings = [Finding(*row)._replace(is_warning=True) for row in warned_rows]
    findings = [*rows.problems, *rejected, *warned_findings][:MOST_ROW_PROBLEMS]
    with_columns = [kind.with_column(each, rows.columns) for each in findings]
    problems = sorted(with_columns, key=lambda each: each[:3])
    warnings = sum(each.is_warning for each in problems)
    dry_run = bool(run.parameters["dry_run"])
    result = FileResult(
        rows=rows.read,
        **merged._asdict(),
        rejected=rows.rejected + len({each.line for each in rejected}),
        problems=len(problems) - warnings,
        warnings=warnings,
        dry_run=dry_run,
    )
    return Outcome(result, problems, keep=not dry_run)


async def _stage(kind: Import, connection: Driver, run: JobRun, rows: Parsed) -> None:
    is_first = not run.done
    number = None
    if kind.rows_at_once:
        number = min(kind.rows_at_once, max(run.done, FIRST_ROWS))
    names = ["line", *kind.staging]
    try:
        data = rows.copied(number)
        await connection.copy_to_table("staging", source=data, columns=names, null=NULL)
    except Broken as broken:
        raise FileRefused(**broken.facts) from None
    if is_first:
        # The statistics of the first rows are good enough for the others.
        analyzed = [name for name in names if kind.staging.get(name) != "jsonb"]
        await connection.execute(f"ANALYZE staging ({', '.join(analyzed)})")


@asynccontextmanager
async def parsing(kind: Import, change: Change, run: JobRun) -> AsyncIterator[Parsed]:
    """The parser working on the job's file; it starts while its context is made."""
    async with parser_process(kind.rule_name) as child:
        context = None if kind.context is None else await kind.context(change, run)
        connection = await change.driver()
        parts, size = await connection.fetchrow(_SIZE, run.id) or (0, 0)
        order = kind.order(run, size, context)
        async with parsed(child, order, _parts(run, parts), run) as rows:
            yield rows


async def _parts(run: JobRun, parts: int) -> AsyncIterator[bytes]:
    """The uploaded file, each part on a connection taken for it alone."""
    for number in range(parts):
        part = select(JOB_FILES.c.content).where(
            JOB_FILES.c.job_id == run.id, JOB_FILES.c.part == number
        )
        # Not on the job's connection, which is taking COPY data at the same time.
        async with run.database.reading() as reading:
            content: bytes = await reading.scalar(part)
        yield content
