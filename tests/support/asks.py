"""What the generated matrix of permissions asks for: a valid request to every endpoint, and what it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

Made = dict[str, Any]


class Make(Protocol):
    """Creates something by POST to that path, as somebody who may do everything; with a tag, moves it on."""

    async def __call__(self, path: str, body: Made, tag: Made | None = None) -> Made:
        """What was made of it."""
        ...


@dataclass
class Target:
    """Where requests are about, and what was made there for them, by its singular name."""

    county: str
    made: dict[str, Made] = field(default_factory=dict)
    job: str = ""
    client: Any = None
    asked: str = ""
    told_apart: list[tuple[str, ...]] = field(default_factory=list)

    def __getitem__(self, name: str) -> Made:
        return self.made[name]

    def is_for(self, *names: str) -> bool:
        """Whether one of these endpoints will be asked: what is made with a look at that serves no other."""
        self.told_apart.append(names)
        return self.asked in names

    def serves(self, name: str) -> bool:
        """Whether it would have been made alike for that endpoint."""
        return all((name in names) == (self.asked in names) for names in self.told_apart)


class Ask(NamedTuple):
    """A valid request, and what whoever may not do this *here* is told."""

    method: str
    path: str
    json: Made | None = None
    tag: Made | None = None
    file: bytes | None = None
    kind: str = "text/csv"
    """The media type of the file."""
    out_of_reach: str = ""
    only_everywhere: bool = False
    lacks: str = ""
    """What whoever may do this is told where the thing is not ready for it: it was reached all the same."""
    related: Mapping[str, str] = {}
    """Kinds of relation that lead to what is asked for, each with the ids of what the relation is to, in words."""


Asks = dict[str, Callable[[Target], Ask]]


def asks_to_read(path: Callable[[Target], str] | str, out_of_reach: str = "") -> Callable[[Target], Ask]:
    """A GET."""
    return lambda target: Ask("GET", path if isinstance(path, str) else path(target), out_of_reach=out_of_reach)
