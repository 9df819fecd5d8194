"""Readers of every service's feed who go on through all that happens."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from onebox.access import TokenRequest
from onebox.stack import services_here
from tests.faults.platform import Platform

READER = TokenRequest(
    ("operator", "county_coordinator", "early_screening_coordinator", "training_manager"),
    counties=("*",),
    subject="ledger-feeds",
)
SECONDS_TO_WAIT = 2


@dataclass
class FeedReader:
    """Reads one feed from its beginning, by the cursor it was given last."""

    platform: Platform
    service: str
    cursor: str = "0"
    seen: list[tuple[int, str]] = field(default_factory=list)

    async def run(self) -> None:
        """Until cancelled."""
        async with httpx.AsyncClient(base_url=self.platform.url, timeout=15, trust_env=False) as client:
            while True:
                with suppress(httpx.HTTPError):
                    if await self.read(client, SECONDS_TO_WAIT):
                        continue
                await asyncio.sleep(0.2)

    async def read(self, client: httpx.AsyncClient, seconds: int = 0) -> bool:
        """The next page; whether there was anything on it."""
        asked: dict[str, Any] = {"after": self.cursor, "wait": seconds, "limit": 500}
        address = f"/v1/{self.service}/events"
        answer = await client.get(address, params=asked, headers=self.platform.headers(READER))
        if not answer.is_success:
            return False
        page = answer.json()
        self.cursor = page["next_cursor"]
        self.seen += [(int(event["sequence"]), event["id"]) for event in page["items"]]
        return bool(page["items"])


def readers(platform: Platform) -> list[FeedReader]:
    """One for each service."""
    return [FeedReader(platform, service) for service in services_here()]


async def wrong_feeds(platform: Platform, through: list[FeedReader]) -> list[str]:
    """Whether each was told every event once and in order, as somebody is who reads it now from its beginning."""
    found = []
    async with httpx.AsyncClient(base_url=platform.url, timeout=30, trust_env=False) as client:
        for reader in through:
            afresh = FeedReader(platform, reader.service)
            for each in (reader, afresh):
                while await each.read(client):
                    pass
            numbers = [number for number, _ in reader.seen]
            [row] = await platform.fetch(f"SELECT count(*) AS number FROM {reader.service}.events")
            if numbers != [*range(1, len(numbers) + 1)]:
                found.append(f"the feed of {reader.service} has a gap or a doubled number")
            if reader.seen != afresh.seen or len(reader.seen) != row["number"]:
                found.append(
                    f"the feed of {reader.service}: {len(reader.seen)} events were read, {len(afresh.seen)} are"
                    f" read now, {row['number']} are there"
                )
    return found
