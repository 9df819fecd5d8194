"""How far a programme is heard of: one value of a metric a day."""

import uuid
from typing import Any

import httpx

from tests.support.problems import assert_problem
from tests.training.annulled import annulled
from tests.training.outreach_metrics.asks import value
from tests.training.sessions.made import a_programme, tag

METRICS = "/v1/training/outreach-metrics"


async def recorded(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """A value that was recorded."""
    answer = await client.post(METRICS, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_the_newest_values_of_a_day_are_those_of_source_000(training: httpx.AsyncClient) -> None:
    """136 followed accounts and 28,931 reached ones."""
    ids = await a_programme(training)
    reached = {"metric": "accounts_reached"}
    for facts in ({"value": 90, "as_of": "2023-01-31"}, {}, {"value": 28931, **reached}):
        await recorded(training, value(ids, **facts))
    await recorded(training, value(ids, value=30000, as_of="2024-01-01", **reached))
    asked = {"as_of": "2023-12-31", "sort": "value"}
    listed = (await training.get(METRICS, params=asked)).json()["items"]
    assert [(each["metric"], each["value"]) for each in listed] == [
        ("accounts_followed", 136),
        ("accounts_reached", 28931),
    ]
    assert len((await training.get(METRICS, params={"metric": "accounts_reached"})).json()["items"]) == 2


async def test_a_metric_has_one_value_a_day_and_none_of_tomorrow(training: httpx.AsyncClient) -> None:
    ids = await a_programme(training)
    await recorded(training, value(ids))
    answer = await training.post(METRICS, json=value(ids, value=137))
    assert_problem(answer, 409, "outreach-metric-already-recorded")
    answer = await training.post(METRICS, json=value(ids, as_of="2099-12-31"))
    assert answer.json()["errors"][0]["code"] == "in_future"
    answer = await training.post(METRICS, json=value({"programme": str(uuid.uuid4())}))
    assert_problem(answer, 422, "unknown-reference")


async def test_what_was_read_wrongly_is_put_right(training: httpx.AsyncClient) -> None:
    made = await recorded(training, value(await a_programme(training)))
    path = f"{METRICS}/{made['id']}"
    same = await training.patch(path, json={"value": 136}, headers=tag(made))
    assert same.json()["version"] == 1
    after = (await training.patch(path, json={"value": 137}, headers=tag(made))).json()
    assert (after["value"], after["version"], after["source"]) == (137, 2, made["source"])
    assert_problem(await training.patch(path, json={"value": 1}, headers=tag(made)), 412, "version-mismatch")
    assert (await training.patch(path, json={"value": None}, headers=tag(after))).status_code == 422


async def test_an_annulled_value_leaves_its_day_to_the_true_one(training: httpx.AsyncClient) -> None:
    ids = await a_programme(training)
    older = await recorded(training, value(ids, as_of="2023-06-30", value=100))
    after = await annulled(training, "/outreach-metrics", await recorded(training, value(ids, value=9999)))
    assert_problem(
        await training.patch(f"{METRICS}/{after['id']}", json={"value": 1}, headers=tag(after)), 409, "state-conflict"
    )
    newest = (await training.get(METRICS, params={"as_of": "2023-12-31"})).json()["items"]
    assert [each["id"] for each in newest] == [older["id"]]
    true = await recorded(training, value(ids))
    newest = (await training.get(METRICS, params={"as_of": "2023-12-31"})).json()["items"]
    assert [each["id"] for each in newest] == [true["id"]]
    assert len((await training.get(METRICS, params={"is_annulled": "true"})).json()["items"]) == 1
