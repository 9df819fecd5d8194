"""The territory of the demo, and its institutions with their support services."""

import json
from pathlib import Path
from typing import Any

from onebox.callers import KATOWICE, remember_institution
from onebox.demo.api import Api, Made
from onebox.kinds import Kind

FILES = Path(__file__).parent.with_name("demo_data")
WOKRO = {"kind": "wokro", "held_from": "2026-09-01"}
VERIFIED = ("2024-10-08", "2025-02-20")


def entries() -> list[dict[str, Any]]:
    """The institutions as they are sent, each with its `support_services`."""
    institutions: list[dict[str, Any]] = json.loads((FILES / "institutions.json").read_text(encoding="utf-8"))
    return institutions


async def send_territories(api: Api) -> None:
    """The voivodeship, three counties of it and their communes."""
    if not await api.knows(f"counties/{KATOWICE}"):
        content = (FILES / "territories.csv").read_bytes()
        await api.import_file(f"{Kind.TERC.address}?format={Kind.TERC.wire_name}", content, "territories")


async def send_institutions(api: Api, folder: Path) -> None:
    """Send all institutions, unless the platform has one already; the demo callers of this
    folder then work in the first one.
    """
    if await api.first("institutions"):
        return
    for number, entry in enumerate(entries()):
        services = entry.pop("support_services")
        institution = await api.create("institutions", entry)
        if number == 0:
            remember_institution(folder, institution["id"])
            await api.create(f"institutions/{institution['id']}/functions", WOKRO)
        for service in services:
            offer = await api.create("support-services", {"institution_id": institution["id"], **service})
            # Verified on the days on which the network includes members, and not only today.
            for day in VERIFIED:
                await api.create(f"support-services/{offer['id']}/verifications", {"verified_on": day})


async def find_own(api: Api) -> dict[str, Made]:
    """The demo's institutions in Katowice by their type; empty when one of them is missing."""
    types = {entry["regon"]: entry["type"] for entry in entries() if entry["county_terc"] == KATOWICE}
    items = (await api.read("institutions", county_terc=KATOWICE, limit=200))["items"]
    # By REGON: their names may have been changed meanwhile.
    own = {types[item["regon"]]: item for item in items if item["regon"] in types}
    return own if len(own) == len(types) else {}
