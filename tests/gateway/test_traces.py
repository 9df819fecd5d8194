"""The gateway tells a collector of its requests, where one is named, before it stops."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from services.chassis.telemetry.traces import spans
from tests.gateway.conftest import Town
from tests.gateway.fakes import FakeService, serving
from tests.support.collector import ENDPOINT

PERSON = "44051401359"


async def test_a_collector_is_told_of_each_request_and_of_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collector = FakeService(headers=[(b"content-type", b"application/x-protobuf")], body=b"")
    async with serving(collector) as port:
        monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{port}")
        for default in ("OTEL_SERVICE_NAME", "OTEL_EXPORTER_OTLP_TIMEOUT"):
            # Set and taken away: what the gateway sets is taken away again.
            monkeypatch.setenv(default, "")
            monkeypatch.delenv(default)
        async with AsyncExitStack() as stack:
            town = await Town(stack, tmp_path).open()
            # The second one goes by the express lane.
            for _ in range(2):
                assert (await town.ask(f"/v1/registry/institutions/{PERSON}?q=Kowalska")).status == 200
            assert (await town.ask("/v1/registry/institutions", token=None)).status == 401
    assert spans() is None
    sent = b"".join(seen.body for seen in collector.seen if (seen.method, seen.path) == ("POST", "/v1/traces"))
    assert (sent.count(b"GET registry"), b"splot-gateway" in sent) == (3, True)
    assert [secret for secret in (PERSON, "Kowalska", "anna", "127.0.0.1") if secret.encode() in sent] == []


async def test_without_a_collector_nothing_is_kept(open_town: Town) -> None:
    answer = await open_town.ask("/v1/registry/institutions")
    assert (answer.header("traceparent") or "").endswith("-01")
    assert spans() is None
