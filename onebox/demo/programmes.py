"""The programmes of training, in short words of our own: TMW (source 002), FERS (003),
MWM (000).
"""

import json
from collections.abc import Collection
from pathlib import Path

from onebox.demo.api import Api, Made

FILES = Path(__file__).with_name("training")
CODES = ("tmw", "fers", "mwm")


def programme(name: str) -> Made:
    """The content of the file of that name: the programme, its version, and other facts of its
    source; `notes` are for readers of the file.
    """
    content: Made = json.loads((FILES / f"{name}.json").read_text(encoding="utf-8"))
    return content


async def send_programmes(
    contractor: Api, client: Api, *, leave_out: Collection[str] = (), resumes: bool = False
) -> list[str]:
    """Send each programme that has no version yet, up to its agreement; returns the codes
    of those sent.

    Sends nothing when the platform has no training service. `leave_out`: members of the files that
    are not sent. `resumes`: an existing version may be from a load that was broken off, and is sent
    again (`Api` with `resumes`).
    """
    if not await contractor.knows("programmes"):
        return []
    files = {name: programme(name) for name in CODES}
    contents = {
        name: {member: value for member, value in file.items() if member not in leave_out}
        for name, file in files.items()
    }
    return [name.upper() for name, content in contents.items() if await _send(content, contractor, client, resumes)]


async def _send(content: Made, contractor: Api, client: Api, resumes: bool) -> bool:
    programme_path = f"programmes/{content['programme']['code']}"
    if not await contractor.knows(programme_path):
        await contractor.create("programmes", content["programme"])
    if not resumes and await contractor.first(f"{programme_path}/versions"):
        return False
    version = await contractor.create(f"{programme_path}/versions", content["version"])
    path = f"{programme_path}/versions/{version['number']}"
    version = await contractor.change(f"{path}/propose", None, version)
    await _send_reviews(content, version, contractor)
    # Two persons agree: one for the client, another one for the contractor.
    version = await client.change(f"{path}/agree", {"side": "client"}, version)
    await contractor.change(f"{path}/agree", {"side": "contractor"}, version)
    await _send_hour_totals(content, (await contractor.read(programme_path))["id"], contractor)
    await _send_plans(content, version["programme"], contractor)
    return True


async def _send_reviews(content: Made, version: Made, api: Api) -> None:
    """Send the reviews by the partner and by workshops, with a decision on each recommendation."""
    of_version = {"programme": version["programme"], "version_number": version["number"]}
    partner_id = None
    if "partner" in content:
        partner = await api.create("partners", content["partner"] | {"programme": version["programme"]})
        partner_id = (await api.change(f"partners/{partner['id']}/accept", None, partner))["id"]
    for entry in content.get("reviews", ()):
        decisions = entry["recommendations"]
        facts = entry | of_version | {"recommendations": [decision["text"] for decision in decisions]}
        if entry["kind"] == "partner_review":
            facts["partner_id"] = partner_id
        review = await api.create("concept-reviews", facts)
        for number, decision in enumerate(decisions, 1):
            path = f"concept-reviews/{review['id']}/recommendations/{number}/{decision['verb']}"
            review = await api.change(path, {"reason": decision["reason"]}, review)


async def _send_hour_totals(content: Made, programme_id: str, api: Api) -> None:
    """Send sums of hours that the source has without the single meetings."""
    if "hour_totals" in content:
        items = [item | {"programme_id": programme_id} for item in content["hour_totals"]["items"]]
        await api.create("hour-totals", content["hour_totals"] | {"items": items})


async def _send_plans(content: Made, code: str, api: Api) -> None:
    """Send the budget and the indicators that the source plans, where it has figures."""
    if "budget" in content:
        await api.create("budgets", content["budget"] | {"programme": code})
    for indicator in content.get("indicators", ()):
        await api.create("indicators", indicator | {"programme": code})
