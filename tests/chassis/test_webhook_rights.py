"""Whose events a webhook is sent: what its owner may read at that moment, and nobody else's business."""

from functools import partial

import httpx

from services.chassis.data.database import Database
from services.chassis.trust.callers import Reach, caller_of
from tests.chassis import depot
from tests.chassis.conftest import Admin
from tests.chassis.webhooks_tried import URL, Clock, create, deliveries, do, owner, read, sending, subjects, tell
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.receiver import Receiver, answer


async def crates(database: Database, *names: str, county: str = "2469") -> None:
    await tell(database, *names, kind="crate.packed", county=county)


async def test_a_county_is_sent_its_own_events_and_what_is_of_nobody(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    await create(idle_depot, receiver.url("/own"))
    await create(idle_depot, receiver.url("/all"), subject="ministry", counties=["*"])
    await create(idle_depot, receiver.url("/public"), subject="curious", scope="depot:look")
    await crates(depot_database, "crates/1", "crates/2")
    await crates(depot_database, "crates/3", county="2401")
    await tell(depot_database, "goods/1")
    async with sending(depot_database) as sender:
        await sender.send_due()
    assert subjects(receiver.of("/own")) == ["crates/1", "crates/2", "goods/1"]
    assert subjects(receiver.of("/all")) == ["crates/1", "crates/2", "crates/3", "goods/1"]
    assert subjects(receiver.of("/public")) == ["goods/1"]


async def test_a_right_that_is_gone_when_it_would_be_sent_holds_it_back(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    hook, now = await create(idle_depot, receiver.url()), Clock()
    await crates(depot_database, "crates/1", "crates/2")
    await tell(depot_database, "goods/1")
    receiver.answers["/"] = [answer(500)]
    async with sending(depot_database, now) as sender:
        await sender.send_due()
        assert subjects(receiver.sent) == ["crates/1"]
        narrower = await idle_depot.post(f"{URL}/{hook['id']}/renew", headers=owner(scope="depot:look"))
        assert narrower.status_code == 200
        now.forward(minutes=1)
        await sender.send_due()
        assert subjects(receiver.sent) == ["crates/1", "goods/1"], "neither again, nor the other one"
        told = await deliveries(idle_depot, hook)
        assert [(one["type"], one["state"]) for one in told] == [
            ("depot.crate.packed", "withheld"),
            ("depot.goods.labelled", "delivered"),
        ]
        replayed = f"{URL}/{hook['id']}/deliveries/{told[0]['id']}/replay"
        assert (await idle_depot.post(replayed, headers=owner(scope="depot:look"))).status_code == 202
        await sender.send_due()
    assert len(receiver.sent) == 2
    assert [one["state"] for one in await deliveries(idle_depot, hook, kind="replay")] == ["withheld"]


async def test_what_a_scope_grants_is_looked_up_when_it_is_sent(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    await create(idle_depot, receiver.url())
    await crates(depot_database, "crates/1")
    changed = {**depot.GRANTS, "depot:crates": {depot.Permission.KEEP: Reach.EVERYWHERE}}
    async with sending(depot_database, caller_of=partial(caller_of, grants=changed)) as sender:
        await sender.send_due()
    assert receiver.sent == []


async def test_nothing_is_sent_for_an_owner_who_showed_no_token_for_three_days(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    hook, now = await create(idle_depot, receiver.url()), Clock()
    await tell(depot_database, "goods/1")
    now.forward(days=3)
    async with sending(depot_database, now) as sender:
        await sender.send_due()
        assert receiver.sent == []
        ended = await read(idle_depot, hook)
        assert (ended["state"], ended["reason"]) == ("disabled", "rights_ended")
        now.ahead *= 0
        await do(idle_depot, hook, "enable")
        await sender.send_due()
    assert subjects(receiver.sent) == ["goods/1"], "nothing is lost"


async def test_nobody_sees_or_changes_the_webhook_of_another(idle_depot: httpx.AsyncClient, receiver: Receiver) -> None:
    hook = await create(idle_depot, receiver.url("/?token=kanarek"))
    place, matched = f"{URL}/{hook['id']}", {"if-match": f'"{hook["id"]}:1"'}
    other = owner("other platform") | matched
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"types": []}),
        ("GET", "/deliveries", None),
        ("POST", "/test", None),
        ("POST", "/disable", None),
        ("POST", "/revoke", None),
        ("POST", "/rotate-secret", {}),
    ):
        answered = await idle_depot.request(method, place + path, json=body, headers=other)
        assert_problem(answered, 404, "not-found")
    assert (await idle_depot.get(URL, headers=other)).json()["items"] == []
    assert_problem(await idle_depot.get(URL, headers=call_as(scope="depot:keep")), 403, "forbidden")
    assert_problem(await idle_depot.get(URL, headers={"authorization": ""}), 401, "unauthenticated")


async def test_an_operator_sees_how_it_stands_and_can_stop_it_and_no_more(
    idle_depot: httpx.AsyncClient, receiver: Receiver, admin: Admin
) -> None:
    hook = await create(idle_depot, receiver.url("/?token=kanarek"))
    operator = call_as("operator", counties=["*"], subject="night shift")
    listed = await idle_depot.get(URL, headers=operator)
    assert (listed.json()["items"][0]["owner"], "kanarek" in listed.text) == ("platform", False)
    matched = operator | {"if-match": f'"{hook["id"]}:1"'}
    place = f"{URL}/{hook['id']}"
    assert_problem(await idle_depot.post(f"{place}/revoke", headers=matched), 404, "not-found")
    stopped = await idle_depot.post(f"{place}/disable", headers=matched)
    assert (stopped.status_code, stopped.json()["reason"]) == (200, "by_operator")
    kept = await admin.fetch("SELECT actor, action, subject FROM audit_records ORDER BY id")
    assert [tuple(row) for row in kept] == [
        ("platform", "create_webhook", f"webhooks/{hook['id']}"),
        ("night shift", "disable_webhook", f"webhooks/{hook['id']}"),
    ]


async def test_nobody_has_more_than_twenty_and_a_revoked_one_makes_room(
    idle_depot: httpx.AsyncClient, receiver: Receiver
) -> None:
    made = [await create(idle_depot, receiver.url(f"/{number}")) for number in range(20)]
    body = {"url": receiver.url()}
    refused = await idle_depot.post(URL, json=body, headers=owner())
    assert assert_problem(refused, 422, "webhook-quota-reached")["most"] == 20
    await create(idle_depot, receiver.url(), subject="other platform")
    await do(idle_depot, made[0], "revoke")
    await create(idle_depot, receiver.url())
    again = await do(idle_depot, made[0], "enable", status=409)
    assert (again["state"], again["allowed"]) == ("revoked", [])
