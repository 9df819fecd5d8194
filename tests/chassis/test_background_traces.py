"""What a request leaves for later is done in the request's own trace."""

from collections.abc import Iterator

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan

from services.chassis.data.database import Database
from services.chassis.data.work import Change
from services.chassis.following.followers import FollowedEvent
from services.chassis.ground.correlation import Trace, current_trace
from tests.chassis.conftest import finished
from tests.chassis.followed import run
from tests.chassis.shop import TRACE, Shop
from tests.chassis.webhooks_tried import create, sending, tell
from tests.support.collector import Collector, collecting
from tests.support.receiver import Receiver

PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


def works(collector: Collector) -> list[ReadableSpan]:
    """The spans of work that nobody waits for."""
    return [span for span in collector.spans.get_finished_spans() if span.kind.name == "CONSUMER"]


def only(collector: Collector) -> tuple[str, str, str]:
    """Of the only one its name, its trace and its status."""
    [span] = works(collector)
    return span.name, f"{span.context.trace_id:032x}", span.status.status_code.name


async def test_a_job_is_in_the_trace_of_whoever_asked_for_it(
    collector: Collector, depot_client: httpx.AsyncClient
) -> None:
    answer = await depot_client.post("/v1/depot/goods-counts?how=plain", headers={"traceparent": PARENT})
    assert (await finished(depot_client, answer.headers["location"]))["state"] == "succeeded"
    assert only(collector) == ("job count_goods", TRACE, "UNSET")


async def test_an_event_of_another_service_is_in_the_trace_that_caused_it(
    collector: Collector, depot_database: Database
) -> None:
    shop, asked = Shop(), list[str]()
    shop.tell(note="Kowalska")

    async def fail(change: Change, event: FollowedEvent) -> None:
        current = current_trace.get()
        asked.append(current.traceparent if current else "")
        raise ValueError(f"Kowalska {event.data} {change}")

    await run(depot_database, shop, fail)
    assert only(collector) == ("event shop.order.placed", TRACE, "ERROR")
    [span] = works(collector)
    # Whom the work asks continues from here.
    assert asked == [f"00-{TRACE}-{span.context.span_id:016x}-01"]
    assert (span.attributes or {})["error.type"] == "ValueError"
    assert "Kowalska" not in span.to_json()


async def test_a_webhook_is_in_the_trace_of_its_event(
    collector: Collector, idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver
) -> None:
    await create(idle_depot, receiver.url("/hook?key=secret"))
    current_trace.set(Trace(TRACE, "0" * 15 + "1"))
    await tell(depot_database, "goods/1")
    async with sending(depot_database) as sender:
        await sender.send_due()
    assert only(collector) == ("webhook", TRACE, "UNSET")
    assert "secret" not in works(collector)[0].to_json()
