"""The command line: `up`, `token`, `load`. Each command imports its modules only when it
runs, so that none waits for the others.
"""

# ruff: noqa: E402, PLC0415

from onebox.bytecode import keep_bytecode

keep_bytecode()

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onebox.failures import Failure
from onebox.instance import instance_in
from onebox.kinds import Demo, Kind

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_OFF_TERMINAL = 140
DEFAULT_DATA = Path(".splot")

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)

Texts = list[str]
Data = Annotated[Path, typer.Option(help="The instance's folder.")]
Url = Annotated[str | None, typer.Option(help="Address of a platform elsewhere, instead of the instance's.")]


@app.command()
def up(
    port: Annotated[
        int, typer.Option(min=0, max=65535, envvar="PORT", help="Port of the gateway on 127.0.0.1; 0: any free one.")
    ] = 8000,
    data: Data = DEFAULT_DATA,
    demo: Annotated[Demo, typer.Option(help="Data to begin with.")] = Demo.SMALL,
    replicas: Annotated[int, typer.Option(min=1, max=8, help="Processes of each service and of the gateway.")] = 1,
) -> None:
    """Run the whole platform on this machine, in the foreground."""
    from onebox.up import run_platform

    with _failing_in_one_sentence():
        asyncio.run(run_platform(instance_in(data), port=port, demo=demo, console=_console(), replicas=replicas))


@app.command()
def token(
    role: Annotated[Texts | None, typer.Option(help="A role of the caller; may be repeated.")] = None,
    county: Annotated[Texts | None, typer.Option(help="TERYT code of a county, or *; may be repeated.")] = None,
    institution: Annotated[str | None, typer.Option(help="Id of the caller's institution.")] = None,
    subject: Annotated[str | None, typer.Option(help="Name of the caller.")] = None,
    scope: Annotated[Texts | None, typer.Option(help="A scope of a service account; may be repeated.")] = None,
    url: Url = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Print an access token of the development issuer; options that are left out are
    those of the role's demo caller.
    """
    from onebox.access import TokenRequest, mint_for

    counties = tuple(county) if county else None
    with _failing_in_one_sentence():
        request = TokenRequest(tuple(role or ()), tuple(scope or ()), counties, institution, subject)
        if url is None:
            typer.echo(mint_for(instance_in(data), request))
        else:
            from onebox.asking import token_from

            typer.echo(token_from(url, request))


@app.command()
def load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV or XLSX.")],
    kind: Annotated[Kind, typer.Option("--as", help="What it is.")],
    county: Annotated[Texts | None, typer.Option(help="Load for these counties only; may be repeated.")] = None,
    mapping: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="JSON: which column holds what (institutions).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the file and write nothing.")] = False,
    setting: Annotated[Texts | None, typer.Option("--set", help="NAME=VALUE of this import; may be repeated.")] = None,
    url: Url = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Send a register file through the public import API and follow it to its end."""
    from onebox.loading import Load, load_file

    with _failing_in_one_sentence():
        settings = tuple((name, value) for name, _, value in (pair.partition("=") for pair in setting or ()))
        upload = Load(file, kind, tuple(county) if county else None, mapping, dry_run, settings, url)
        load_file(instance_in(data), upload, _console())


@contextmanager
def _failing_in_one_sentence() -> Iterator[None]:
    sentences: list[str] = []
    try:
        yield
    # Programs start at the same time, so several may fail at once.
    except* Failure as group:
        sentences += [str(failure) for failure in _leaves(group)]
    if sentences:  # not inside `except*`, which would wrap the exit into a group
        typer.echo("\n".join(sentences), err=True)
        sys.exit(1)


def _leaves(group: BaseExceptionGroup[Failure]) -> Iterator[Failure]:
    for failure in group.exceptions:
        if isinstance(failure, BaseExceptionGroup):
            yield from _leaves(failure)
        else:
            yield failure


def _console() -> "Console":
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else WIDTH_OFF_TERMINAL)


if __name__ == "__main__":
    app()
