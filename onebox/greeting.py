"""The text that is printed when the platform is ready: its addresses, the callers, a call to copy."""

import shlex
import sys
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from onebox.callers import DEMO_CALLERS
from onebox.stack import Stack

DEFAULT_FOLDER = ".splot"
WIDE = 120


def greet(stack: Stack, console: Console) -> None:
    """Prints the addresses, the demo callers and a call that works as printed."""
    is_wide = console.width >= WIDE
    title = "Demo callers" if is_wide else "Demo callers (the one of registry_editor is demo-registry-editor)"
    callers = Table(title=title, title_justify="left", box=SIMPLE, pad_edge=False)
    headings = ("role or scope", "caller", "counties", "may") if is_wide else ("role or scope", "may")
    for heading in headings:
        callers.add_column(heading, no_wrap=heading != "may")
    for caller in DEMO_CALLERS.values():
        rights, counties = " ".join(caller.roles or caller.scopes), " ".join(caller.counties)
        callers.add_row(*((rights, caller.name, counties, caller.may) if is_wide else (rights, caller.may)))
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
    """One command to copy, which fetches its token itself."""
    folder = stack.instance.folder
    option = "" if folder == Path.cwd() / DEFAULT_FOLDER else f" --data {shlex.quote(_short(folder))}"
    token = f"{shlex.quote(_short(Path(sys.executable)))} -m onebox token --role registry_editor{option}"
    return f"curl -s -H \"Authorization: Bearer $({token})\" '{stack.url}/v1/registry/institutions?limit=3'"


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
