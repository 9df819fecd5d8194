"""The small demo is valid, is sent once, and touches nothing that is there already."""

import json
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from stdnum.pl import nip, regon

from onebox import demo
from onebox.access import Wanted, mint_for
from onebox.callers import DEMO_CALLERS, institution_of
from onebox.demo import load_small_demo
from onebox.failures import Failure
from onebox.instance import Instance, announce, held, instance_in

ENTRIES = json.loads((demo.FILES / "institutions.json").read_text(encoding="utf-8"))
TERRITORIES = [line.split(";") for line in (demo.FILES / "territories.csv").read_text("utf-8").splitlines()]


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    instance = instance_in(tmp_path)
    with held(instance):
        announce(instance, "http://127.0.0.1:8123")
        yield instance


class Registry:
    """Keeps what it is sent, as the registry does."""

    def __init__(self, *, import_ends: str = "succeeded") -> None:
        self.import_ends = import_ends
        self.posted = Counter[str]()
        self.keys = list[str]()
        self.there: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v1/registry/")
        if request.method == "POST":
            self.posted[path.rpartition("/")[2]] += 1
            self.keys.append(request.headers["idempotency-key"])
            return self._keep(path)
        if path.startswith("counties/"):
            return httpx.Response(200 if "territory-imports" in self.there else 404, json={})
        if path == "institutions":
            return httpx.Response(200, json={"items": [{}] if "institutions" in self.there else []})
        return httpx.Response(200, json={"state": self.import_ends})

    def _keep(self, path: str) -> httpx.Response:
        self.there.add(path)
        if path == "territory-imports":
            return httpx.Response(202, json={"state": "queued"}, headers={"Location": "/v1/registry/jobs/1"})
        return httpx.Response(201, json={"id": str(uuid.uuid4())})


async def test_the_demo_is_sent_once(instance: Instance) -> None:
    registry = Registry()
    await load_small_demo(instance, httpx.MockTransport(registry))
    offers = sum(len(entry["support_services"]) for entry in ENTRIES)
    sent = {"territory-imports": 1, "institutions": len(ENTRIES), "functions": 1, "support-services": offers}
    assert registry.posted == sent
    assert len(set(registry.keys)) == len(registry.keys)
    await load_small_demo(instance, httpx.MockTransport(registry))
    assert registry.posted == sent


async def test_callers_who_work_in_an_institution_work_in_the_first_of_the_demo(instance: Instance) -> None:
    before = institution_of(DEMO_CALLERS["demo-screener"], instance.folder)
    await load_small_demo(instance, httpx.MockTransport(Registry()))
    after = institution_of(DEMO_CALLERS["demo-screener"], instance.folder)
    assert before != after
    assert institution_of(DEMO_CALLERS["demo-auditor"], instance.folder) is None
    assert mint_for(instance, Wanted(("screener",))) != mint_for(instance, Wanted(("screener",)))


async def test_a_platform_that_refuses_says_so(instance: Instance) -> None:
    with pytest.raises(Failure, match="not imported: failed"):
        await load_small_demo(instance, httpx.MockTransport(Registry(import_ends="failed")))
    with pytest.raises(Failure, match="/v1/registry/institutions 503"):
        await load_small_demo(
            instance, httpx.MockTransport(lambda request: httpx.Response(503 if "inst" in str(request.url) else 200))
        )


async def test_a_platform_that_is_gone_is_no_traceback(instance: Instance) -> None:
    def gone(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(Failure, match="ConnectError"):
        await load_small_demo(instance, httpx.MockTransport(gone))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["regon"])
def test_an_invented_institution_has_valid_numbers_and_lies_in_a_commune_of_the_demo(entry: dict[str, str]) -> None:
    assert regon.is_valid(entry["regon"])
    assert nip.is_valid(entry["nip"])
    communes = {"".join(row[:4]) for row in TERRITORIES if row[3]}
    assert entry["commune_terc"] in communes
    assert entry["commune_terc"].startswith(entry["county_terc"])


def test_the_demo_shows_every_sector_and_no_number_twice() -> None:
    kinds = {service["kind"] for entry in ENTRIES for service in entry["support_services"]}
    assert kinds == {"informational", "emotional", "social", "diagnostic", "therapeutic"}
    for name in ("regon", "nip", "rspo", "krs"):
        numbers = [entry[name] for entry in ENTRIES if name in entry]
        assert len(numbers) == len(set(numbers))
