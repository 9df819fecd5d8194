"""What watches the platform speaks of what there is: metrics, headings of the operations, and nothing else."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from deploy.port import free_port
from services.chassis.data.database import Database
from services.chassis.telemetry import counting
from tests.conftest import thrown_away
from tests.gateway.fakes import claims_for, gateway_serving, read_answer, request_bytes, speak
from tests.test_repository import anchors
from tools import alarms

ROOT = Path(__file__).parents[1]
OPERATIONS = ROOT / "docs/operations.md"
RULES = [
    rule
    for group in yaml.safe_load((alarms.FOLDER / "rules.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
TRIED = set(re.findall(r"\w+", (alarms.FOLDER / "rules.test.yml").read_text(encoding="utf-8")))
DASHBOARDS = sorted((alarms.FOLDER / "dashboards").glob("*.json"))
# What Prometheus itself adds, and what the Python client tells of its process.
OF_OTHERS = {"up", "process_start_time_seconds", "process_cpu_seconds_total", "process_resident_memory_bytes"}
ROW = re.compile(r"^\| `(splot_\w+)` \| ([a-z, ]*) ?\| ([a-z]+) \|", re.MULTILINE)
NAME = re.compile(r"\b(?:splot|process)_[a-z_]+\b|\bup\b")
SERVICES = ("registry", "screening", "casework", "training")
Told = dict[str, tuple[str, frozenset[str]]]
"""Of each metric its type and its labels, where it has samples."""


def told(text: str) -> Told:
    found = {}
    for family in text_string_to_metric_families(text):
        labels = {name for sample in family.samples for name in sample.labels} - {"le"}
        name = family.name + ("_total" if family.type == "counter" else "")
        if name.startswith("splot_"):
            found[name] = family.type, frozenset(labels)
    return found


@pytest.fixture
async def measured(admin_url: str, databases: dict[str, Database]) -> AsyncIterator[dict[str, Told]]:
    """What every program says when it is scraped after a request."""
    counting.CAUGHT_UP.labels("tests").set_to_current_time()
    counting.DEAD_LETTERS.labels("tests").inc()
    counting.JOBS.labels("tests", "failed").inc()
    counting.WEBHOOKS.labels("delivered").inc()
    found = {}
    for name in SERVICES:
        async with thrown_away(name, admin_url, databases[name]) as client:
            await client.get(f"/v1/{name}/events")
            found[name] = told((await client.get("/metrics")).text)
    found["gateway"] = await _of_gateway()
    yield found
    for counted in (counting.CAUGHT_UP, counting.DEAD_LETTERS, counting.JOBS, counting.WEBHOOKS):
        counted.clear()


async def _of_gateway() -> Told:
    port = free_port()
    given: dict[str, Any] = {"metrics_address": f"127.0.0.1:{port}", "registry_upstreams": ["http://127.0.0.1:9"]}
    async with gateway_serving({"t": claims_for("anna", "registry_editor")}, **given) as (_, entrance):
        await speak(entrance, request_bytes("/livez"))
        return told(read_answer(await speak(port, b"GET /metrics HTTP/1.1\r\nHost: g\r\n\r\n")).body.decode())


async def test_the_operations_describe_every_metric_and_no_other(measured: dict[str, Told]) -> None:
    rows = ROW.findall(OPERATIONS.read_text(encoding="utf-8"))
    described = {(name, frozenset(re.findall(r"\w+", labels)), where) for name, labels, where in rows}
    assert len(rows) == len(described)
    common = set.intersection(*(set(measured[name]) for name in SERVICES))
    really = {(name, measured["registry"][name][1], "services") for name in common}
    for where, metrics in measured.items():
        really |= {(name, labels, where) for name, (_, labels) in metrics.items() if name not in common}
    assert described == really


async def test_names_follow_prometheus(measured: dict[str, Told]) -> None:
    for name, (kind, _) in {each for metrics in measured.values() for each in metrics.items()}:
        assert name.endswith("_total") == (kind == "counter"), name
        assert kind != "histogram" or name.endswith("_seconds"), name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alarm_says_what_it_means_and_what_to_do(rule: dict[str, Any]) -> None:
    annotations = rule["annotations"]
    assert {*annotations} == {"summary", "meaning", "action", "runbook"}
    assert all(annotations[name].endswith(".") for name in ("meaning", "action"))
    assert rule["labels"]["severity"] in {"now", "soon"}
    page, _, heading = annotations["runbook"].partition("#")
    assert (page, heading in anchors(OPERATIONS)) == ("docs/operations.md", True)
    assert rule["alert"] in TRIED, "no test raises it"


async def test_rules_and_dashboards_ask_for_what_is_told(measured: dict[str, Told]) -> None:
    there = set(OF_OTHERS)
    for metrics in measured.values():
        for name, (kind, _) in metrics.items():
            there |= {f"{name}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {name}
    asked = {name for rule in RULES for name in NAME.findall(rule["expr"])}
    shown = {name for each in alarms.expressions() for name in NAME.findall(each)}
    assert (asked - there, shown - there) == (set(), set())
    # What is measured is looked at: by an alarm, or by somebody.
    ours = {name.removesuffix("_bucket") for name in there if not name.endswith(("_sum", "_count"))} - OF_OTHERS
    assert ours <= {name.removesuffix("_bucket") for name in asked | shown}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_is_whole(path: Path) -> None:
    board = json.loads(path.read_text(encoding="utf-8"))
    sources = {
        source["uid"]
        for source in yaml.safe_load((alarms.FOLDER / "grafana/datasources.yml").read_text("utf-8"))["datasources"]
    }
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    for panel in panels:
        assert panel["description"], panel["title"]
        assert {target["datasource"]["uid"] for target in panel["targets"]} <= sources
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_scraped(service: str) -> None:
    config = yaml.safe_load((alarms.FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    found = {job["job_name"]: job["dns_sd_configs"][0] for job in config["scrape_configs"]}
    assert (found[service]["names"], found[service]["port"]) == ([service], 8000)
    assert found["gateway"]["port"] == 9100
