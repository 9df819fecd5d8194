"""What happened in a family's case, as steps in their order: data that say who does
what to which thing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from onebox.demo.api import Api, Made


class Make(NamedTuple):
    """Something new, under a name that later steps call it by: `{name}` is its id, in
    addresses and in bodies.
    """

    name: str
    path: str
    body: Made
    by: str = "coordinator"


class Do(NamedTuple):
    """A verb on what was made before, in the version that it then has."""

    name: str
    verb: str
    body: Made | None = None
    by: str = "coordinator"


class Join(NamedTuple):
    """The account of whoever acts is joined to a person, who was handed a code for it."""

    name: str
    by: str


Step = Make | Do | Join
Story = Sequence[Step]


async def tell(story: Story, cast: Mapping[str, Api], known: Mapping[str, str]) -> None:
    """Take the steps of a story one by one. `known`: ids of what is there before it, by name."""
    ids, addresses = dict(known), dict[str, str]()
    for step in story:
        api = cast[step.by]
        match step:
            case Join():
                code = await cast["coordinator"].create(f"people/{ids[step.name]}/account-codes", {})
                await api.create("accounts:join", {"code": code["code"]})
            case Make():
                path = step.path.format_map(ids)
                ids[step.name] = (await api.create(path, _filled(step.body, ids)))["id"]
                addresses[step.name] = f"{path}/{ids[step.name]}"
            case Do():
                address = addresses[step.name]
                await api.change(f"{address}/{step.verb}", _filled(step.body, ids), await api.read(address))


def _filled(body: Any, ids: Mapping[str, str]) -> Any:
    """The body, with ids for names."""
    if isinstance(body, dict):
        return {name: _filled(value, ids) for name, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, ids) for value in body]
    return body.format_map(ids) if isinstance(body, str) else body
