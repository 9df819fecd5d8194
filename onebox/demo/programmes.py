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
    """The file of that name: the programme, its version, and what else its source says;
    `notes` are for its readers.
    """
    told: Made = json.loads((FILES / f"{name}.json").read_text(encoding="utf-8"))
    return told


async def send_programmes(
    contractor: Api, client: Api, *, leave_out: Collection[str] = (), resumes: bool = False
) -> list[str]:
    """Each programme that has no version yet, up to its agreement; the codes of what was sent.

    Nothing where training does not answer. `leave_out`: members of the files that are not sent.
    `resumes`: a version that is there may be one that was broken off; whoever sends it does each thing once.
    """
    if not await contractor.knows("programmes"):
        return []
    told = {name: programme(name) for name in CODES}
    sent = {
        name: {member: value for member, value in each.items() if member not in leave_out}
        for name, each in told.items()
    }
    return [name.upper() for name, each in sent.items() if await _send(each, contractor, client, resumes)]


async def _send(told: Made, contractor: Api, client: Api, resumes: bool) -> bool:
    one = f"programmes/{told['programme']['code']}"
    if not await contractor.knows(one):
        await contractor.create("programmes", told["programme"])
    if not resumes and await contractor.first(f"{one}/versions"):
        return False
    version = await contractor.create(f"{one}/versions", told["version"])
    path = f"{one}/versions/{version['number']}"
    version = await contractor.change(f"{path}/propose", None, version)
    await _send_reviews(told, version, contractor)
    # Two persons: whoever agrees for the client is not the contractor's.
    version = await client.change(f"{path}/agree", {"side": "client"}, version)
    await contractor.change(f"{path}/agree", {"side": "contractor"}, version)
    await _send_hour_totals(told, (await contractor.read(one))["id"], contractor)
    await _send_plans(told, version["programme"], contractor)
    return True


async def _send_reviews(told: Made, version: Made, api: Api) -> None:
    """The partner, who reviews the version, and workshops; what they recommend is
    decided one by one.
    """
    of_version = {"programme": version["programme"], "version_number": version["number"]}
    partner_id = None
    if "partner" in told:
        partner = await api.create("partners", told["partner"] | {"programme": version["programme"]})
        partner_id = (await api.change(f"partners/{partner['id']}/accept", None, partner))["id"]
    for each in told.get("reviews", ()):
        decisions = each["recommendations"]
        facts = each | of_version | {"recommendations": [one["text"] for one in decisions]}
        if each["kind"] == "partner_review":
            facts["partner_id"] = partner_id
        review = await api.create("concept-reviews", facts)
        for number, one in enumerate(decisions, 1):
            path = f"concept-reviews/{review['id']}/recommendations/{number}/{one['verb']}"
            review = await api.change(path, {"reason": one["reason"]}, review)


async def _send_hour_totals(told: Made, programme_id: str, api: Api) -> None:
    """Sums of hours that the source gives without the meetings they are of."""
    if "hour_totals" in told:
        items = [each | {"programme_id": programme_id} for each in told["hour_totals"]["items"]]
        await api.create("hour-totals", told["hour_totals"] | {"items": items})


async def _send_plans(told: Made, code: str, api: Api) -> None:
    """What the source plans to spend and to reach, where it names figures."""
    if "budget" in told:
        await api.create("budgets", told["budget"] | {"programme": code})
    for each in told.get("indicators", ()):
        await api.create("indicators", each | {"programme": code})
