"""Traces are made where a collector is named, and say nothing of what was asked for."""

import httpx
import pytest
from fastapi import FastAPI

from services.chassis.telemetry.tracing import telemetry_config
from tests.support.collector import ENDPOINT, collecting


@pytest.mark.parametrize("name", ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"])
def test_a_named_collector_switches_telemetry_on(name: str) -> None:
    config = telemetry_config("registry", {name: "http://collector:4318"})
    assert (config["auto_configure"], config.get("tracing", True), config["metrics"]) == (True, True, False)


def test_without_a_collector_nothing_is_asked_at_each_request() -> None:
    assert not any(telemetry_config("registry", {"OTEL_SERVICE_NAME": "registry"}).values())


async def test_no_span_repeats_what_was_asked_for() -> None:
    with collecting() as collector:
        app = FastAPI(telemetry={"tracer_provider": collector.tracers})

        @app.get("/people/{person_id}")
        async def get_person(person_id: str, q: str) -> str:
            return person_id + q

        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            assert (await client.get("/people/Kowalska?q=Kowalska")).json() == "KowalskaKowalska"
        spans = collector.spans.get_finished_spans()
    assert any((span.attributes or {}).get("http.route") == "/people/{person_id}" for span in spans)
    assert not [span.name for span in spans if "Kowalska" in span.to_json()]


async def test_what_an_error_says_is_exported_nowhere() -> None:
    with collecting() as collector:
        app = FastAPI(telemetry=telemetry_config("registry", {ENDPOINT: "http://collector:4318"}))

        @app.get("/people/{person_id}")
        async def get_person(person_id: str) -> str:
            raise ValueError(f"no Kowalska under {person_id}")

        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get("/people/7")).status_code == 500
        texts = collector.texts()
    assert '"error.type": "ValueError"' in texts["spans"]
    assert [kind for kind, text in texts.items() if "Kowalska" in text] == []
