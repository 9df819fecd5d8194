"""Followers run as long as their service does, where it does background work, and follow a real feed."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.chassis import app as chassis_app
from services.chassis.app import create_app
from services.chassis.data.database import Database
from services.chassis.data.effects import Subject
from services.chassis.data.work import Change
from services.chassis.following import following
from services.chassis.following.followers import LONGEST_ANSWER_SECONDS, FollowedEvent, FollowedPage, Follower, Source
from services.chassis.following.following import FeedRunner
from services.chassis.ground.settings import ServiceSettings
from services.chassis.peers import Account, Peer
from services.chassis.serving.feed_cursors import Feed
from tests.chassis import depot
from tests.chassis.conftest import Admin
from tests.chassis.followed import taken
from tests.chassis.shop import Shop
from tests.support.callers import call_as
from tests.support.databases import pause

P = depot.Permission


class Keys:
    """An issuer that is not asked."""

    async def keep_fresh(self) -> None:
        await asyncio.Event().wait()


@pytest.fixture
def following_depot(depot_settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch) -> tuple[FastAPI, Shop, Source]:
    """A depot that follows a shop while it runs."""
    monkeypatch.setattr(chassis_app, "configure_logs", lambda *_: None)
    monkeypatch.setattr(chassis_app, "verifier_for", lambda _: Keys())
    shop = Shop()
    source = shop.source()
    silent = Follower("silent", {}, lambda _: None)
    app = create_app(
        "depot",
        routers=[],
        grants=depot.GRANTS,
        events=Feed(P.READ_EVENTS, {"depot.": None}),
        operate_jobs=P.OPERATE_JOBS,
        read_audit=P.READ_AUDIT,
        jobs=[silent, replace(depot.FOLLOWER, source=lambda settings: source if settings.run_jobs else None)],
        settings=lambda: depot_settings.model_copy(update={"run_jobs": True}),
    )
    return app, shop, source


async def test_a_service_follows_while_it_runs_and_closes_what_it_asked(
    following_depot: tuple[FastAPI, Shop, Source], depot_database: Database, admin: Admin
) -> None:
    app, shop, source = following_depot
    shop.tell("a")
    async with asyncio.timeout(60), app.router.lifespan_context(app):
        while not await taken(admin):
            await pause()
    asked = len(shop.asked)
    shop.tell("a")
    with pytest.raises(RuntimeError, match="closed"):
        await source.peer.get("/v1/shop/events", FollowedPage, token="t", after="0")
    assert len(shop.asked) == asked


async def test_a_process_that_leaves_background_work_to_others_follows_nothing(
    following_depot: tuple[FastAPI, Shop, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[Any] = []

    async def follow(*given: Any) -> None:
        followed.append(given)

    monkeypatch.setattr(chassis_app, "follow", follow)
    monkeypatch.setattr(ServiceSettings, "model_copy", lambda self, **_: self)
    app, *_ = following_depot
    async with asyncio.timeout(60), app.router.lifespan_context(app):
        pass
    assert followed == []


def source_of(client: httpx.AsyncClient) -> Source:
    """The depot's real feed, asked by an account that may read it."""
    token = call_as(scope="depot:look")["authorization"].removeprefix("Bearer ")
    given = httpx.MockTransport(lambda _: httpx.Response(200, json={"access_token": token, "expires_in": 600}))
    account = Account("http://provider.test/token", ("depot", "secret"), "depot:look", seconds=30, transport=given)
    return Source(
        Peer("http://registry", seconds=LONGEST_ANSWER_SECONDS, transport=httpx.ASGITransport(depot.app)), account
    )


async def test_a_real_feed_is_followed_page_by_page_and_begun_anew_when_its_cursors_change(
    idle_depot: httpx.AsyncClient,
    depot_database: Database,
    depot_settings: ServiceSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(following, "SECONDS_TO_WAIT", 0)
    monkeypatch.setattr(following, "MOST_EVENTS_AT_ONCE", 2)
    seen = list[tuple[str, str | None, Any]]()

    async def look(change: Change, event: FollowedEvent) -> None:
        seen.append((event.subject, event.countyterc, event.data["number"]))

    runner = FeedRunner(
        depot_database, Follower("depot", {"depot.thing.made": look}, lambda _: None), source_of(idle_depot)
    )

    async def catch_up() -> None:
        while await runner.pull():
            pass

    async with depot_database.change() as change:
        for number in range(5):
            change.tell("thing.made", Subject(f"things/{number}", county="2469"), number=number)
    await catch_up()
    assert seen == [(f"things/{number}", "2469", number) for number in range(5)]
    other_key = {"cursor_key": SecretStr("another key that signs cursors in tests")}
    depot.app.state.settings = depot_settings.model_copy(update=other_key)
    async with depot_database.change() as change:
        change.tell("thing.made", Subject("things/5"), number=5)
    assert not await runner.pull(), "the cursor is refused, and the beginning is where it goes on"
    await catch_up()
    assert seen[5:] == [("things/5", None, 5)]
