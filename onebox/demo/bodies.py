"""The bodies of cooperation in Katowice: a team in its commune, its platform, its centre."""

from onebox.callers import KATOWICE
from onebox.demo.api import Api, Made

COUNTY = {"county_terc": KATOWICE}
TEAM = {"kind": "local_synergy_team", "name": "Zespół Synergii Lokalnej w Katowicach", "commune_terc": "2469011"}
PLATFORM = {"kind": "county_cooperation_platform", "name": "Regionalna Platforma Współpracy Powiatu", **COUNTY}
CENTRE = {
    "kind": "county_resource_coordination_centre",
    "name": "Powiatowe Centrum ds. Koordynacji Zasobów",
    **COUNTY,
}
COUNCILS = ("county_employment_council", "county_public_benefit_council")
SEATS = ("przewodnicząca", "członek rady")
IN_TEAM = ("ngo", "social_assistance_centre", "social_integration_centre")
IN_CENTRE = ("psych_ped_counselling_centre", "community_mental_health_centre", "social_assistance_centre")
MEETINGS = {
    "first_on": "2025-03-10",
    "topic": "Ocena współpracy w powiecie",
    "every_months": 3,
    "times": 4,
}
FIRST_MEETING = {"first_on": "2025-01-15", "topic": "Kierunki wspólnego działania", "kind": "first"}
LETTER = {
    "kind": "letter_of_intent",
    "title": "List intencyjny w sprawie platformy współpracy",
    "valid_from": "2024-12-02",
    **COUNTY,
}
ADDRESSEES = ("Powiatowa Rada Zatrudnienia", "Powiatowa Rada Działalności Pożytku Publicznego")
TEXT = {"document_reference": "OR.0022.15.2024", "document_sha256": "6b" * 32, "valid_from": "2024-12-02"}
COMMUNIQUE = {
    "title": "Stan współpracy w powiecie",
    "issued_on": "2025-04-01",
    "recipients": ["county_board", "county_council"],
    "guidance": "Warto uzgodnić wspólny kalendarz szkoleń.",
}
REGION = {
    "kind": "regional_cooperation_platform",
    "name": "Regionalna Platforma Współpracy w województwie śląskim",
    "voivodeship_terc": KATOWICE[:2],
    "pillars": ["employment", "social_assistance", "reintegration"],
}
IN_REGION = (
    ("voivodeship_employment_council", "przewodniczący"),
    ("voivodeship_public_benefit_council", "przewodnicząca"),
    ("regional_administration", "przedstawicielka marszałka"),
)
FORMED = (("letter_of_intent", "2024-12-02"), ("first_meeting", "2025-01-15"), ("schedule_and_diagnosis", "2025-02-20"))
DESIGNATED = (
    ("persons_and_units_designated", "2024-10-01"),
    ("support_network_created", "2024-11-05"),
    ("rules_team_appointed", "2024-12-10"),
)
ESTABLISHED = (("centre_established", "2025-02-03"), ("staff_trained", "2025-05-30"))


async def send_bodies(api: Api, own: dict[str, Made]) -> None:
    """Create each body where the county has none of its kind."""
    await _send_team(api, own)
    await _send_platform(api)
    await _send_centre(api, own)


async def send_region(manager: Api) -> None:
    """The platform of the voivodeship, founded by the programme's manager, who
    reaches every county.
    """
    filters = {"kind": REGION["kind"], "voivodeship_terc": REGION["voivodeship_terc"]}
    platform = await manager.first("bodies", kind=PLATFORM["kind"], active=True, **COUNTY)
    if platform is None or await manager.first("bodies", **filters):
        return
    body = await manager.create("bodies", {**REGION, "founded_on": "2024-10-01"})
    path = f"bodies/{body['id']}"
    for group, role in IN_REGION:
        await _seat(manager, path, group, role)
    await _seat(manager, path, "county_platforms", "delegat platformy", delegating_body_id=platform["id"])
    await _meet_first(manager, path)
    await manager.take_steps(path, FORMED[:2])


async def _found(api: Api, content: dict[str, str]) -> str | None:
    """Found a body; returns its path, or None when there is one of its kind already."""
    if await api.first("bodies", kind=content["kind"], **COUNTY):
        return None
    body = await api.create("bodies", {**content, "founded_on": "2024-10-01"})
    return f"bodies/{body['id']}"


async def _seat(api: Api, body: str, group: str, role: str, **facts: str) -> None:
    await api.create(f"{body}/members", {"group": group, "person_role": role, "held_from": "2024-10-01", **facts})


async def _send_team(api: Api, own: dict[str, Made]) -> None:
    team = await _found(api, TEAM)
    for kind in IN_TEAM if team else ():
        await _seat(api, str(team), "stakeholders", "przedstawiciel", institution_id=own[kind]["id"])


async def _send_platform(api: Api) -> None:
    team = await api.first("bodies", kind=TEAM["kind"], active=True, **COUNTY)
    platform = await _found(api, PLATFORM) if team else None
    if team is None or platform is None:
        return
    for council in COUNCILS:
        for role in SEATS:
            await _seat(api, platform, council, role)
    await _seat(api, platform, "local_synergy_team", "delegatka zespołu", delegating_body_id=team["id"])
    await _send_letter(api)
    await _meet_first(api, platform)
    await api.create(f"{platform}/meetings", MEETINGS)
    await api.create(f"{platform}/communiques", COMMUNIQUE)
    await api.take_steps(platform, (*FORMED, ("cyclic_work", "2025-03-10"), ("communications", "2025-04-01")))


async def _meet_first(api: Api, body: str) -> None:
    [first] = (await api.create(f"{body}/meetings", FIRST_MEETING))["items"]
    await api.change(f"{body}/meetings/{first['id']}/hold", {"held_on": first["planned_on"]}, first)


async def _send_letter(api: Api) -> None:
    """The county board's letter of intent to the chairs of both councils."""
    path = f"agreements/{(await api.create('agreements', LETTER))['id']}"
    for party, role in (("Zarząd miasta", "author"), *((council, "addressee") for council in ADDRESSEES)):
        await api.create(f"{path}/signatories", {"party_name": party, "party_kind": "authority", "role": role})
    await api.create(f"{path}/versions", TEXT)
    await api.change(f"{path}/sign", {"signed_on": LETTER["valid_from"]}, await api.read(path))


async def _send_centre(api: Api, own: dict[str, Made]) -> None:
    network = await api.first("networks", open=True, **COUNTY)
    centre = await _found(api, CENTRE) if network else None
    if centre is None:
        return
    await _seat(api, centre, "coordinator", "koordynatorka centrum", subject="demo-county-coordinator")
    for kind in IN_CENTRE:
        await _seat(api, centre, "unit_representatives", "przedstawicielka", institution_id=own[kind]["id"])
    await api.take_steps(centre, (*DESIGNATED, *ESTABLISHED))
    host = own["psych_ped_counselling_centre"]["id"]
    await api.create(f"institutions/{host}/functions", {"kind": "pckz", "held_from": "2025-02-03"})
