"""The story of a family's case as steps in their order: each step names the caller, the verb
and the resource.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from onebox.demo.api import Api, Made


class Make(NamedTuple):
    """Create a resource. Later steps refer to it by its name: `{name}` in paths and bodies is
    replaced by its id.
    """

    name: str
    path: str
    body: Made
    by: str = "coordinator"


class Do(NamedTuple):
    """A verb on a resource that was made before, in its present version."""

    name: str
    verb: str
    body: Made | None = None
    by: str = "coordinator"


class Join(NamedTuple):
    """Join the caller's account to a person, with a code that the coordinator makes for it."""

    name: str
    by: str


Step = Make | Do | Join
Story = Sequence[Step]


async def tell(story: Story, cast: Mapping[str, Api], given_ids: Mapping[str, str]) -> None:
    """Send the steps of a story one by one. `given_ids`: ids of resources that exist
    before it, by name.
    """
    ids, addresses = dict(given_ids), dict[str, str]()
    for step in story:
        api = cast[step.by]
        match step:
            case Join():
                code = await cast["coordinator"].create(f"people/{ids[step.name]}/account-codes", {})
                await api.create("accounts:join", {"code": code["code"]})
            case Make():
                path = step.path.format_map(ids)
                ids[step.name] = (await api.create(path, _fill(step.body, ids)))["id"]
                addresses[step.name] = f"{path}/{ids[step.name]}"
            case Do():
                address = addresses[step.name]
                await api.change(f"{address}/{step.verb}", _fill(step.body, ids), await api.read(address))


def _fill(body: Any, ids: Mapping[str, str]) -> Any:
    """The body with names replaced by ids."""
    if isinstance(body, dict):
        return {name: _fill(value, ids) for name, value in body.items()}
    if isinstance(body, list):
        return [_fill(value, ids) for value in body]
    return body.format_map(ids) if isinstance(body, str) else body
