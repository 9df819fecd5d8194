"""The registry's part of the pilot: territory, institutions, counties, locations, platforms."""

from collections.abc import Mapping

from onebox.demo.api import Api, Made
from onebox.demo.bodies import COUNCILS
from onebox.demo.clubs import send_clubs
from onebox.kinds import Kind
from onebox.pilot.cases import coordinator
from onebox.pilot.counties import County, counties, in_project, territory_file, with_nurseries
from onebox.pilot.institutions import COUNSELLING, KINDS, SYSTEM, institutions_file
from onebox.pilot.screenings import Places
from onebox.pilot.sending import Counting, Staff, spread
from onebox.pilot.trainees import Location, locations

SIGNED_ON, BEGAN_ON, NETWORK_ON = "2022-08-29", "2022-09-01", "2022-10-03"
STEPS = (
    ("reasons_shown", "2022-06-15"),
    ("agreements_concluded", SIGNED_ON),
    ("joint_design", "2022-11-21"),
    ("implementation", "2023-01-09"),
)
COORDINATORS = {
    "cross_sector_support_coordinator": "kwm",
    "coordinating_institution_coordinator": "kik",
    "early_screening_coordinator": "kbwwr",
    "pupil_screening_coordinator": "kbu",
}
FORMED = (("letter_of_intent", "2022-12-01"), ("first_meeting", "2023-01-16"))


async def send_places(staff: Staff, counting: Counting) -> Places:
    """Send territory and institutions; returns the ids of the institutions by county and type."""
    with counting("Pilot: territory and institutions", 2) as advance:
        address = f"{Kind.TERC.address}?format={Kind.TERC.wire_name}"
        await staff.registry.import_file(address, territory_file(), "territory")
        advance()
        address = f"{Kind.INSTITUTIONS.address}?format={Kind.INSTITUTIONS.wire_name}&system={SYSTEM}"
        await staff.registry.import_file(address, institutions_file(), "institutions")
        advance()
    institutions = await staff.registry.rows("institutions")
    return {(item["county_terc"], item["type"]): item["id"] for item in institutions}


async def send_counties(staff: Staff, places: Places, counting: Counting) -> None:
    """Send the 36 counties with agreement, site, coordinators, network and platform; the 69 as
    sites of another implementer; and the clubs.
    """
    with counting("Pilot: counties and their networks", len(counties())) as advance:

        async def send(county: County) -> None:
            if county.is_in_project:
                await _send_county(staff, county, places)
            else:
                await _candidate(staff.registry, county, "nursery_association")

        await spread((*in_project(), *with_nurseries()), send, advance)
    with counting("Pilot: reports of KIS", 1) as advance:
        await send_clubs(staff.registry, [county.terc for county in in_project()])
        advance()


async def _candidate(api: Api, county: County, implementer: str) -> Made:
    content = {"name": county.name, "county_terc": county.terc, "implementer": implementer}
    return await api.create("programmes/MWM/sites", content)


async def _send_county(staff: Staff, county: County, places: Places) -> None:
    api = staff.registry
    agreement = await _send_agreement(api, county)
    site = await _candidate(api, county, "project")
    path = f"sites/{site['id']}"
    site = await api.change(f"{path}/sign", {"agreement_id": agreement["id"], "signed_on": BEGAN_ON}, site)
    await api.change(f"{path}/activate", {"started_on": BEGAN_ON}, site)
    await api.take_steps(path, STEPS)
    host = places[county.terc, COUNSELLING]
    function = {"kind": "coordinating_institution", "held_from": BEGAN_ON, "county_terc": county.terc}
    await api.create(f"institutions/{host}/functions", {k: v for k, v in function.items() if k != "county_terc"})
    await _send_coordinators(api, county, site["id"], host)
    await _send_network(api, county, places)
    await _send_platform(api, county, places)


async def _send_agreement(api: Api, county: County) -> Made:
    title = f"Porozumienie o wsparciu międzysektorowym ({county.name})"
    content = {"kind": "county_agreement", "title": title, "county_terc": county.terc, "valid_from": SIGNED_ON}
    agreement = await api.create("agreements", content)
    path = f"agreements/{agreement['id']}"
    parties = ((f"Powiat {county.name}", "authority"), ("Realizator projektu", "project_operator"))
    for name, kind in parties:
        await api.create(f"{path}/signatories", {"party_name": name, "party_kind": kind})
    text = {"document_reference": f"MWM.{county.number}.2022", "document_sha256": f"{county.number:064x}"}
    await api.create(f"{path}/versions", text | {"valid_from": SIGNED_ON})
    return await api.change(f"{path}/sign", {"signed_on": SIGNED_ON}, await api.read(path))


async def _send_coordinators(api: Api, county: County, site: str, host: str) -> None:
    for role, name in COORDINATORS.items():
        subject = coordinator(county) if name == "kwm" else f"pilot-{name}-{county.terc}"
        facts = {"role": role, "site_id": site, "subject": subject, "held_from": BEGAN_ON}
        if name == "kik":
            facts |= {"institution_id": host, "contract": "employment"}
        await api.create("appointments", facts)


async def _send_network(api: Api, county: County, places: Places) -> None:
    founding = {"name": f"Sieć wsparcia ({county.name})", "founded_on": NETWORK_ON, "county_terc": county.terc}
    network = f"networks/{(await api.create('networks', founding))['id']}"
    rule = {"direction": "inclusion", "code": "W1", "name": "Instytucja z powiatu", "in_county": True}
    rule_id = (await api.create(f"{network}/rules", rule | {"valid_from": NETWORK_ON}))["id"]
    decision = {"rule_id": rule_id, "decided_on": "2022-10-24", "reason": "ustalono na spotkaniu sieci"}
    items = []
    for kind in KINDS:
        proposal = {"institution_id": places[county.terc, kind.type], "role": kind.role, "proposed_on": "2022-10-10"}
        membership = await api.create(f"{network}/memberships", proposal)
        items.append({"id": membership["id"], "version": membership["version"], **decision})
    await api.judge(f"{network}/memberships:include", items)


async def _send_platform(api: Api, county: County, places: Places) -> None:
    """A local synergy team, and the county's platform with two members of each council and one of the team."""
    founding = {"county_terc": county.terc, "founded_on": "2022-11-02"}
    names = {"kind": "local_synergy_team", "name": f"Zespół Synergii Lokalnej ({county.name})"}
    team = await api.create("bodies", names | {"commune_terc": county.commune, "founded_on": founding["founded_on"]})
    for kind in ("ngo", "social_assistance_centre"):
        seat = {"person_role": "przedstawicielka", "institution_id": places[county.terc, kind]}
        await _seat(api, team["id"], "stakeholders", seat)
    name = f"Regionalna Platforma Współpracy Powiatu ({county.name})"
    platform = await api.create("bodies", {"kind": "county_cooperation_platform", "name": name, **founding})
    for council in COUNCILS:
        for role in ("przewodnicząca", "członek rady"):
            await _seat(api, platform["id"], council, {"person_role": role})
    delegate = {"person_role": "delegatka zespołu", "delegating_body_id": team["id"]}
    await _seat(api, platform["id"], "local_synergy_team", delegate)


async def _seat(api: Api, body: str, group: str, facts: Mapping[str, str]) -> None:
    await api.create(f"bodies/{body}/members", {"group": group, "held_from": "2022-11-02", **facts})


async def send_locations(staff: Staff, counting: Counting) -> Mapping[str, str]:
    """Send the 30 locations of TMW, each with two animators; returns their ids by name."""

    async def send(location: Location) -> tuple[str, str]:
        return location.name, await _send_location(staff.registry, location)

    with counting("Pilot: locations of TMW", len(locations())) as advance:
        return dict(await spread(locations(), send, advance))


async def _send_location(api: Api, location: Location) -> str:
    county = location.county
    content = {"name": location.name, "county_terc": county.terc, "commune_terc": county.commune}
    site = await api.create("programmes/TMW/sites", content)
    await api.change(f"sites/{site['id']}/activate", {"started_on": "2017-10-02"}, site)
    for number in (1, 2):
        subject = f"pilot-animator-{location.number}-{number}"
        facts = {"role": "animator", "site_id": site["id"], "subject": subject, "contract": "employment"}
        await api.create("appointments", {**facts, "held_from": "2017-10-02"})
    return str(site["id"])
