"""How a story is told: a step is first tried by whoever may not, and nothing changes; then it is done."""

import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem

Made = dict[str, Any]
Headers = dict[str, str]

READER = call_as(scope="registry:read events:read", counties=["*"], institution=None)


@dataclass(frozen=True)
class Act:
    """A POST; to change something, having seen it (given by its path, or as it was answered)."""

    path: str
    body: Made | None = None
    seen: str | Made | None = None


@dataclass(frozen=True)
class Cast:
    """Who does a kind of act; who has not the permission that it takes; and who has it, in another county."""

    permission: str
    may: Headers
    may_not: Headers
    elsewhere: Headers


@dataclass
class Story:
    """What has happened so far: the events told, and what is there to be read."""

    client: httpx.AsyncClient
    told: list[str] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)

    async def read(self, path: str, who: Headers = READER) -> Any:
        """What a GET shows."""
        answer = await self.client.get(path, headers=who)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def _ask(self, act: Act, who: Headers) -> httpx.Response:
        headers = who | {"idempotency-key": str(uuid.uuid4())}
        if isinstance(act.seen, str):
            headers["if-match"] = (await self.client.get(act.seen, headers=READER)).headers["etag"]
        elif act.seen is not None:
            headers["if-match"] = f'"{act.seen["id"]}:{act.seen["version"]}"'
        return await self.client.post(act.path, json=act.body, headers=headers)

    async def _shown(self, act: Act) -> list[Any]:
        """What a refusal must leave as it is: the feed, and whatever there is of what the act is about."""
        _, collection, *one = act.path.split("/")
        about = "/".join(["", collection, *one[:1]])
        parts = [path for path in self.watched if path.startswith(about)]
        whole = f"/{collection}" if collection != "sites" else "/programmes/MWM/sites"
        return [await self.read(path) for path in (f"/events?after={len(self.told)}", whole, *parts)]

    async def do(self, act: Act, cast: Cast, tells: str) -> Any:
        """Somebody does it, after two others could not, one for want of the permission, one for want of reach."""
        before = await self._shown(act)
        problem = assert_problem(await self._ask(act, cast.may_not), 403, "forbidden")
        assert problem["permission"] == f"registry:{cast.permission}"
        problem = assert_problem(await self._ask(act, cast.elsewhere), 403, "outside-scope")
        assert problem["relation"] == "own_county"
        assert await self._shown(act) == before
        answer = await self._ask(act, cast.may)
        assert answer.is_success, answer.text
        self.told.append(f"registry.{tells}")
        return answer.json()

    async def too_early(self, act: Act, cast: Cast, slug: str) -> Made:
        """The same people may do it, and not now: the conflict, which has changed nothing."""
        before = await self._shown(act)
        problem = assert_problem(await self._ask(act, cast.may), 409, slug)
        assert await self._shown(act) == before
        return problem
