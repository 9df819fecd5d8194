"""What has to be there before anything is called: territories, and a case that follows from a screening."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from onebox.access import TokenRequest
from onebox.demo.api import Api
from onebox.demo.institutions import send_territories
from tests.faults.platform import Platform
from tests.faults.routes import CONFIRMER, KEEPER, SUBMITTER, WRITER, case, person, screening

SECONDS_FOR_AN_EVENT = 30.0
Made = dict[str, Any]


@dataclass
class Caller:
    """Somebody who calls and is answered; anything else ends the preparation."""

    client: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str) -> httpx.Response:
        """Read."""
        return (await self.client.get(path, headers=self.headers)).raise_for_status()

    async def make(self, path: str, body: Made | None = None, tag: str | None = None) -> Made:
        """Write, in the version that was read where there is one."""
        headers = self.headers | {"Idempotency-Key": str(uuid.uuid4())} | ({"If-Match": tag} if tag else {})
        answer = await self.client.post(path, json=body, headers=headers)
        made: Made = answer.raise_for_status().json() | {"etag": answer.headers.get("etag")}
        return made


async def prepare(platform: Platform) -> dict[str, str]:
    """Prepare everything; what is known afterwards, by the names that addresses have for it."""
    async with httpx.AsyncClient(base_url=platform.url, timeout=30, trust_env=False) as client:
        token = platform.headers(WRITER)["Authorization"].removeprefix("Bearer ")
        await send_territories(Api(client, token))
        return {"case": await _case(platform, client)}


async def submitted(platform: Platform, client: httpx.AsyncClient) -> Made:
    """A screening that will call for a referral when it is confirmed."""
    # An odd one gives cause for worry.
    key = uuid.UUID(int=uuid.uuid4().int | 1)
    return await as_(platform, client, SUBMITTER).make("/v1/screening/screenings", screening(str(key)))


async def confirm(platform: Platform, client: httpx.AsyncClient, made: Made) -> None:
    """Confirm a screening as it was submitted."""
    address = f"/v1/screening/screenings/{made['id']}/confirm"
    await as_(platform, client, CONFIRMER).make(address, {}, made["etag"])


async def referral_of(platform: Platform, screening_id: str, seconds: float = SECONDS_FOR_AN_EVENT) -> str:
    """The id of the referral that a screening became, once the event has had its effect."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = await platform.fetch(f"SELECT id FROM casework.referrals WHERE screening_id = '{screening_id}'")
        if found:
            return str(found[0]["id"])
        await asyncio.sleep(0.1)
    raise SystemExit(f"a confirmed screening did not become a referral within {seconds:.0f} s")


async def _case(platform: Platform, client: httpx.AsyncClient) -> str:
    keeper = as_(platform, client, KEEPER)
    made = await submitted(platform, client)
    await confirm(platform, client, made)
    referral = await referral_of(platform, str(made["id"]))
    one = f"/v1/casework/referrals/{referral}"
    child = await keeper.make("/v1/casework/people", person(str(uuid.uuid4())))
    named = {"person_id": child["id"], "is_joined": True}
    for step, body in (("receive", None), ("identify", named), ("accept", None)):
        await keeper.make(f"{one}/{step}", body, (await keeper.get(one)).headers["etag"])
    opened = await keeper.make("/v1/casework/cases", case(str(child["id"])) | {"referral_id": referral})
    return str(opened["id"])


def as_(platform: Platform, client: httpx.AsyncClient, caller: TokenRequest) -> Caller:
    """The same client, as that caller."""
    return Caller(client, platform.headers(caller))
