"""A trace leads from the gateway through the service to its statements, and tells of nobody."""

import re
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from services.chassis.data.database import Database
from services.chassis.telemetry.traces import keep
from services.chassis.telemetry.tracing import keep_traces
from tests.casework.people.made import CHILD
from tests.conftest import prepare, settings_of
from tests.journeys.in_process import behind_gateway
from tests.support.callers import call_as
from tests.support.collector import Collector, collecting, exporting_app
from tests.support.databases import emptied
from tests.support.places import places_named
from tests.support.sending import PlainClient

COORDINATOR = call_as("county_coordinator", counties=["2469"])
CANARY, EMAIL = "Kanarkówna", "kanarek@example.org"
ASKED = (CANARY, "Kanark", EMAIL, CHILD["pesel"], CHILD["given_name"], CHILD["born_on"], "Zmyślona")
SQL = ("WHERE", "VALUES", "RETURNING", "$1", "set_config")
OF_STATEMENTS = {
    "db.system.name",
    "db.namespace",
    "db.operation.name",
    "db.collection.name",
    "db.query.summary",
}
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture
async def platform(collector: Collector, admin_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Casework behind the gateway, where both keep traces; its connections are watched from their first statement."""
    app, settings = exporting_app("casework"), settings_of("casework", admin_url)
    database = Database(settings, "casework")
    prepare(app, settings, database)
    async with (
        PlainClient(app, "casework", COORDINATOR, places_named(app)) as casework,
        behind_gateway({"casework": casework}, tmp_path) as address,
        httpx.AsyncClient(base_url=f"{address}/casework", headers=COORDINATOR, trust_env=False) as client,
    ):
        yield client
    await database.close()
    await emptied(admin_url, "casework")


class Told:
    """The spans that were kept, by who made them."""

    def __init__(self, collector: Collector) -> None:
        self.all = collector.spans.get_finished_spans()
        self.statements = [span for span in self.all if "db.system.name" in (span.attributes or {})]
        self.service = [span for span in self.all if scope_of(span) == "fastapi"]
        others = {*map(id, self.statements), *map(id, self.service)}
        self.gateway = [span for span in self.all if id(span) not in others]


def scope_of(span: ReadableSpan) -> str:
    return span.instrumentation_scope.name if span.instrumentation_scope else ""


def parent(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None


async def post(platform: httpx.AsyncClient, **facts: str) -> httpx.Response:
    key = {"idempotency-key": str(uuid.uuid4()), "traceparent": f"00-{TRACE}-{CALLER}-01"}
    return await platform.post("/people", json={**CHILD, "family_name": CANARY, **facts}, headers=key)


async def test_a_trace_leads_from_the_gateway_to_the_statements(
    platform: httpx.AsyncClient, collector: Collector
) -> None:
    made = await post(platform)
    assert made.status_code == 201, made.text
    told = Told(collector)
    [gateway], [service] = told.gateway, told.service
    assert (gateway.name, service.name) == ("POST casework", "POST /v1/casework/people")
    assert parent(gateway) == int(CALLER, 16)
    assert parent(service) == gateway.context.span_id
    assert {parent(span) for span in told.statements} == {service.context.span_id}
    assert {span.context.trace_id for span in told.all} == {int(TRACE, 16)}
    names = [span.name for span in told.statements]
    assert {"BEGIN", "INSERT people", "INSERT audit_records", "COMMIT"} <= {*names}
    assert names.index("BEGIN") < names.index("INSERT people") < names.index("COMMIT")
    assert {name for span in told.statements for name in span.attributes or {}} <= OF_STATEMENTS
    assert made.headers["traceparent"] == f"00-{TRACE}-{gateway.context.span_id:016x}-01"
    within = [span.start_time or 0 for span in (gateway, service, *told.statements)]
    assert within[0] <= within[1] <= min(within[2:])


async def test_no_span_repeats_who_or_what_was_asked_for(platform: httpx.AsyncClient, collector: Collector) -> None:
    child = (await post(platform, email=EMAIL)).json()["id"]
    again = await post(platform, email=EMAIL)
    assert again.status_code == 409
    for path in (
        f"/people/{child}",
        f"/people/{child}?fields={CANARY}",
        f"/cases?person_id={child}&q={EMAIL}",
        f"/{CANARY}/{CHILD['pesel']}",
    ):
        await platform.get(path, headers={"user-agent": "Kanark", "x-forwarded-for": "198.51.100.7"})
    await platform.post("/people:search", json={"pesel": CHILD["pesel"]})
    told = Told(collector)
    assert {"GET /v1/casework/people/{person_id}", "GET unmatched"} <= {span.name for span in told.service}
    text = "\n".join(span.to_json() for span in told.all)
    assert [secret for secret in (*ASKED, *SQL, child, "198.51.100.7") if secret in text] == []
    # Its digits may stand in an id or a time.
    assert re.search(r"(?<![0-9a-f.])2469(?![0-9a-f])", text) is None


async def test_who_is_left_out_at_the_gateway_is_left_out_everywhere(
    platform: httpx.AsyncClient, collector: Collector
) -> None:
    # The ratio is of the id's last 64 bits: of these two the first is below a half.
    collector.tracers.sampler = ParentBased(TraceIdRatioBased(0.5))
    keep(None)
    keep_traces()
    kept, left_out = "0af7651916cd43dd" + "1" * 16, "0af7651916cd43dd" + "f" * 16
    for trace in (kept, left_out):
        # What its caller says of it does not count.
        flags = "00" if trace == kept else "01"
        answer = await platform.get("/cases", headers={"traceparent": f"00-{trace}-{CALLER}-{flags}"})
        assert answer.headers["traceparent"].endswith("-01" if trace == kept else "-00")
    told = Told(collector)
    assert {f"{span.context.trace_id:032x}" for span in told.all} == {kept}
    assert all((told.gateway, told.service, told.statements))
