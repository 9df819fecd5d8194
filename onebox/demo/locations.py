"""Sites of the two programmes of cooperation: a location where a model is tested, and a
commune that builds its own.
"""

from onebox.demo.api import Api
from onebox.demo.documents import send_documents

LOCATION = {"name": "Imielin", "county_terc": "2414", "commune_terc": "2414021"}
NEXT_LOCATION = {"name": "Mikołów", "county_terc": "2408", "commune_terc": "2408021"}
COMMUNE = {"name": "Mikołów", "county_terc": "2408", "commune_terc": "2408021"}
TEAM = {
    "kind": "local_synergy_team",
    "name": "Zespół Synergii Lokalnej w Mikołowie",
    "commune_terc": COMMUNE["commune_terc"],
    "founded_on": "2025-05-12",
}
DECISION = {"spheres": [1, 3], "decided_on": "2025-04-10"}
ANIMATORS = ("demo-animator-1", "demo-animator-2")


async def send_locations(writer: Api, coordinator: Api, manager: Api) -> None:
    """Create each site where its programme has none."""
    if not await writer.first("programmes/TMW/sites"):
        await _send_location(writer, coordinator, manager)
    if not await writer.first("programmes/MLW/sites"):
        site = await writer.create("programmes/MLW/sites", COMMUNE)
        await writer.change(f"sites/{site['id']}/activate", {"started_on": "2025-02-03"}, site)
        if not await writer.first("bodies", kind=TEAM["kind"], county_terc=COMMUNE["county_terc"]):
            await writer.create("bodies", TEAM)
        steps = (("stakeholder_cooperation", "2025-02-20"), ("cooperation_rules", "2025-05-12"))
        await writer.take_steps(f"sites/{site['id']}", steps)


async def _send_location(writer: Api, coordinator: Api, manager: Api) -> None:
    """The location of the test. Its scope is decided when two persons have signed: one for the
    coalition, one for the project.
    """
    site = await writer.create("programmes/TMW/sites", LOCATION)
    location = f"sites/{site['id']}"
    await writer.change(f"{location}/activate", {"started_on": "2025-02-03"}, site)
    for subject in ANIMATORS:
        facts = {"role": "animator", "site_id": site["id"], "subject": subject, "contract": "employment"}
        await writer.create("appointments", {**facts, "held_from": "2025-02-03"})
    decision = await writer.create(f"{location}/scope-decisions", DECISION)
    path = f"{location}/scope-decisions/{decision['id']}"
    decision = await coordinator.change(f"{path}/sign-for-coalition", None, decision)
    await manager.change(f"{path}/sign-for-project", None, decision)
    await send_documents(coordinator, site["id"])
    steps = (("diagnosis", "2025-03-20"), ("scope_decision", "2025-04-10"), ("testing", "2025-05-05"))
    await writer.take_steps(location, steps)
    await writer.create("programmes/TMW/sites", NEXT_LOCATION)
