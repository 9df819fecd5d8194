"""What the generated matrix of permissions asks for: a valid request to every endpoint, and what it is about."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Made = dict[str, Any]
Make = Callable[[str, Made], Awaitable[Made]]
"""Creates something by POST to that path, as somebody who may do everything."""


@dataclass
class Target:
    """Where requests are about, and what was made there for them, by its singular name."""

    county: str
    made: dict[str, Made] = field(default_factory=dict)
    job: str = ""

    def __getitem__(self, name: str) -> Made:
        return self.made[name]


class Ask(NamedTuple):
    """A valid request, and what whoever may not do this *here* is told."""

    method: str
    path: str
    json: Made | None = None
    tag: Made | None = None
    file: bytes | None = None
    out_of_reach: str = ""


Asks = dict[str, Callable[[Target], Ask]]


def asks_to_read(path: Callable[[Target], str] | str, out_of_reach: str = "") -> Callable[[Target], Ask]:
    """A GET."""
    return lambda target: Ask("GET", path if isinstance(path, str) else path(target), out_of_reach=out_of_reach)
