"""A service and the places that are held of it, through the API, at instants that a test chooses."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.chassis.ground import clock
from tests.support.callers import call_as
from tests.support.records import add_institution

URL = "/v1/registry/support-services"
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
CASEWORK = call_as(scope="registry:read registry:reserve", subject="casework", institution=None, counties=["*"])
Made = dict[str, Any]


def reference(number: int) -> str:
    """The opaque id of a referral."""
    return f"0199aaaa-0000-4000-8000-{number:012d}"


def set_clock(patch: pytest.MonkeyPatch, now: datetime) -> None:
    """From now on it is then."""
    patch.setattr(clock, "now", lambda: now)


class Places:
    """The places of one service."""

    def __init__(self, client: httpx.AsyncClient, service: Made) -> None:
        self.client, self.service = client, service
        self.url = f"{URL}/{service['id']}"
        self.address = f"{self.url}/reservations"

    @classmethod
    async def offered(cls, client: httpx.AsyncClient, **facts: Any) -> "Places":
        """A service of a new institution."""
        host = facts.pop("host", None) or await add_institution(client)
        body = {"institution_id": host["id"], "name": "Terapia", "kind": "therapeutic"} | facts
        answer = await client.post(URL, json=body)
        assert answer.status_code == 201, answer.text
        return cls(client, answer.json())

    async def ask(self, number: int, caller: dict[str, str] = CASEWORK, **facts: Any) -> httpx.Response:
        """The answer to whoever asks for a place."""
        headers = caller | {"idempotency-key": str(uuid.uuid4())}
        body = {"referral_reference": reference(number)} | facts
        return await self.client.post(self.address, json=body, headers=headers)

    async def reserve(self, number: int, **facts: Any) -> Made:
        """The reservation that was made."""
        answer = await self.ask(number, **facts)
        assert answer.status_code == 201, answer.text
        made: Made = answer.json()
        return made

    async def do(self, verb: str, reservation: Made, caller: dict[str, str] = CASEWORK) -> httpx.Response:
        """The answer to a verb on a reservation as it was read."""
        seen = {"if-match": f'"{reservation["id"]}:{reservation["version"]}"', "idempotency-key": str(uuid.uuid4())}
        return await self.client.post(f"{self.address}/{reservation['id']}/{verb}", headers=caller | seen)

    async def done(self, verb: str, reservation: Made) -> Made:
        """The reservation after the verb."""
        answer = await self.do(verb, reservation)
        assert answer.status_code == 200, answer.text
        made: Made = answer.json()
        return made

    async def read(self) -> Made:
        """The service as it is shown."""
        shown: Made = (await self.client.get(self.url)).json()
        return shown

    async def free(self) -> int | None:
        """How many places are shown as free."""
        places: int | None = (await self.read())["free_places"]
        return places

    async def state(self, **facts: Any) -> httpx.Response:
        """The answer to an editor who has read the service and states something of it."""
        seen = {"if-match": f'"{self.service["id"]}:{(await self.read())["version"]}"'}
        return await self.client.patch(self.url, json=facts, headers=seen)

    async def held(self) -> list[Made]:
        """The reservations that hold a place."""
        return await self.listed("state=reserved&state=taken")

    async def listed(self, query: str = "") -> list[Made]:
        """The reservations that are shown, newest first."""
        answer = await self.client.get(f"{self.address}?limit=200&{query}", headers=CASEWORK)
        assert answer.status_code == 200, answer.text
        items: list[Made] = answer.json()["items"]
        return items


def after(**time: float) -> datetime:
    """So long after the beginning."""
    return BEGIN + timedelta(**time)
