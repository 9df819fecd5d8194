"""The small demo: three real counties and the invented institutions in them, sent through the public API.

Each part is sent only where the platform holds nothing of the kind: a second start changes nothing, and nobody's own
data or corrections are touched.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx

from onebox.access import Wanted, mint_for
from onebox.callers import KATOWICE, remember_institution
from onebox.failures import Failure
from onebox.instance import Instance, running_url
from onebox.kinds import Kind

FILES = Path(__file__).with_name("demo_data")
WOKRO = {"kind": "wokro", "held_from": "2026-09-01"}
REGISTRY = "/v1/registry"
POLL_SECONDS = 0.1
IMPORT_SECONDS = 60


async def load_small_demo(instance: Instance, transport: httpx.AsyncBaseTransport | None = None) -> None:
    """Sends what is missing. Raises a Failure when the platform refuses."""
    wanted = Wanted(scopes=("registry:read", "registry:write"), subject="demo-registry-writer")
    headers = {"Authorization": f"Bearer {mint_for(instance, wanted)}"}
    url = running_url(instance)
    async with httpx.AsyncClient(
        base_url=url, headers=headers, transport=transport, timeout=30, trust_env=False
    ) as api:
        try:
            await _load(instance, api)
        except (httpx.TransportError, TimeoutError) as error:
            raise Failure(f"The demo data could not be sent: {type(error).__name__}") from error


async def _load(instance: Instance, api: httpx.AsyncClient) -> None:
    if (await api.get(f"{REGISTRY}/counties/{KATOWICE}")).status_code == httpx.codes.NOT_FOUND:
        await _import_territories(api)
    if _json(await api.get(f"{REGISTRY}/institutions", params={"limit": 1}))["items"]:
        return
    entries = json.loads((FILES / "institutions.json").read_text(encoding="utf-8"))
    for entry in entries:
        services = entry.pop("support_services")
        institution = await _create(api, "institutions", entry, f"demo-{entry['regon']}")
        if entry is entries[0]:
            remember_institution(instance.folder, institution["id"])
            await _create(api, f"institutions/{institution['id']}/functions", WOKRO, f"demo-{entry['regon']}-wokro")
        for number, service in enumerate(services):
            offer = {"institution_id": institution["id"], **service}
            await _create(api, "support-services", offer, f"demo-{entry['regon']}-{number}")


async def _create(api: httpx.AsyncClient, path: str, content: dict[str, Any], key: str) -> dict[str, Any]:
    return _json(await api.post(f"{REGISTRY}/{path}", json=content, headers={"Idempotency-Key": key}))


async def _import_territories(api: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "demo-territories"}
    content = (FILES / "territories.csv").read_bytes()
    answer = await api.post(Kind.TERC.address, params={"format": "terc"}, content=content, headers=headers)
    job = _json(answer)
    async with asyncio.timeout(IMPORT_SECONDS):
        while job["state"] in {"queued", "running"}:
            await asyncio.sleep(POLL_SECONDS)
            job = _json(await api.get(answer.headers["Location"]))
    if job["state"] != "succeeded":
        raise Failure(f"The demo's territories were not imported: {job['state']}")


def _json(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise Failure(f"The demo data was refused: {answer.request.url.path} {answer.status_code} {answer.text[:500]}")
    content: dict[str, Any] = answer.json()
    return content
