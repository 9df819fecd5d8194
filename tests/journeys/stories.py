"""How a story is told: a step is first tried by whoever may not, and nothing changes; then it is done."""

import uuid
from dataclasses import dataclass, field
from typing import Any, ClassVar

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem

Made = dict[str, Any]
Headers = dict[str, str]


@dataclass(frozen=True)
class Act:
    """A POST; to change something, having seen it (given by its path, or as it was answered)."""

    path: str
    body: Made | None = None
    seen: str | Made | None = None
    method: str = "POST"
    file: bytes | None = None


@dataclass(frozen=True)
class Cast:
    """Who does a kind of act; who has not the permission that it takes; and who has it, in another county.

    What is out of reach is refused, naming the relation that is missing, or is as good as not there: `hidden` says how.
    What holds for the whole country is in everybody's reach: then there is nobody elsewhere.
    """

    permission: str
    may: Headers
    may_not: Headers
    elsewhere: Headers | None
    relation: str = "own_county"
    hidden: str | None = None


@dataclass
class Story:
    """What has happened so far: the events told, and what is there to be read."""

    service: ClassVar[str] = "registry"
    reader: ClassVar[Headers] = call_as(scope="registry:read events:read", counties=["*"], institution=None)

    client: httpx.AsyncClient
    told: list[str] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)
    begun: int = 0
    """How many events had been told before."""

    async def read(self, path: str, who: Headers | None = None) -> Any:
        """What a GET shows."""
        answer = await self.client.get(path, headers=who or self.reader)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ask(self, act: Act, who: Headers) -> httpx.Response:
        """What comes of an act, whatever that is."""
        headers = who | {"idempotency-key": str(uuid.uuid4())}
        if isinstance(act.seen, str):
            headers["if-match"] = (await self.client.get(act.seen, headers=self.reader)).headers["etag"]
        elif act.seen is not None:
            headers["if-match"] = f'"{act.seen["id"]}:{act.seen["version"]}"'
        if act.file is not None:
            headers["content-type"] = "application/x-ndjson"
            return await self.client.request(act.method, act.path, content=act.file, headers=headers)
        return await self.client.request(act.method, act.path, json=act.body, headers=headers)

    async def shown(self, act: Act) -> list[Any]:
        """What a refusal must leave as it is: the feed, and whatever there is of what the act is about."""
        _, collection, *one = act.path.split("/")
        about = "/".join(["", collection, *one[:1]])
        parts = [path for path in self.watched if path.startswith(about)]
        whole = f"/{collection}" if collection != "sites" else "/programmes/MWM/sites"
        return [await self.read(path) for path in ("/events?limit=1000", whole, *parts)]

    async def nobody_else(self, act: Act, cast: Cast) -> None:
        """Two cannot do it, one for want of the permission, one for want of reach; and nothing has changed."""
        before = await self.shown(act)
        problem = assert_problem(await self.ask(act, cast.may_not), 403, "forbidden")
        assert problem["permission"] == f"{self.service}:{cast.permission}"
        if cast.elsewhere and cast.hidden:
            assert_problem(await self.ask(act, cast.elsewhere), 404, cast.hidden)
        elif cast.elsewhere:
            problem = assert_problem(await self.ask(act, cast.elsewhere), 403, "outside-scope")
            assert problem["relation"] == cast.relation
        assert await self.shown(act) == before

    async def do(self, act: Act, cast: Cast, *tells: str) -> Any:
        """Somebody does it, after two others could not."""
        await self.nobody_else(act, cast)
        answer = await self.ask(act, cast.may)
        assert answer.is_success, answer.text
        self.told += [f"{self.service}.{event}" for event in tells]
        return answer.json()

    async def too_early(self, act: Act, cast: Cast, slug: str, status: int = 409) -> Made:
        """The same people may do it, and not now: the conflict, which has changed nothing."""
        before = await self.shown(act)
        problem = assert_problem(await self.ask(act, cast.may), status, slug)
        assert await self.shown(act) == before
        return problem
