"""What a person reads when the platform is ready: where it is, who may call it, a call to copy."""

import shlex
import sys
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from onebox.callers import DEMO_CALLERS
from onebox.stack import Stack

DEFAULT_FOLDER = ".splot"


def greet(stack: Stack, console: Console) -> None:
    """Prints the addresses, the demo callers and a call that works as printed."""
    callers = Table(title="Demo callers", title_justify="left", box=SIMPLE, pad_edge=False)
    for heading in ("role or scope", "caller", "counties", "may"):
        callers.add_column(heading, no_wrap=heading != "may")
    for caller in DEMO_CALLERS.values():
        callers.add_row(" ".join(caller.roles or caller.scopes), caller.name, " ".join(caller.counties), caller.may)
    console.print()
    console.print(callers)
    lines = (
        f"Platform       {stack.url}/",
        f"Documentation  {stack.url}/docs",
        f"Logs           {_short(stack.instance.logs)}",
        "",
        "A first call:",
        example_call(stack),
        "",
        "Ready. Ctrl-C stops everything.",
    )
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def example_call(stack: Stack) -> str:
    """One command to copy: the token is fetched by it."""
    folder = stack.instance.folder
    elsewhere = "" if folder == Path.cwd() / DEFAULT_FOLDER else f" --data {shlex.quote(_short(folder))}"
    token = f"{shlex.quote(_short(Path(sys.executable)))} -m onebox token --role registry_editor{elsewhere}"
    return f"curl -s -H \"Authorization: Bearer $({token})\" '{stack.url}/v1/registry/institutions?limit=3'"


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
