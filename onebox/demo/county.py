"""Katowice in the cross-sector support model: its agreement, its site,
its network, its coordinators.
"""

from onebox.callers import KATOWICE
from onebox.demo.api import Api, Made

COUNTY = {"county_terc": KATOWICE}
AGREEMENT = {
    "kind": "county_agreement",
    "title": "Porozumienie o wsparciu międzysektorowym",
    "valid_from": "2024-09-02",
    **COUNTY,
}
PARTIES = (
    {"party_name": "Miasto Katowice", "party_kind": "authority"},
    {"party_name": "Realizator projektu", "party_kind": "project_operator"},
)
TEXT = {"document_reference": "WZ.031.14.2024", "document_sha256": "5a" * 32, "valid_from": "2024-09-02"}
STEPS = (
    ("reasons_shown", "2024-06-12"),
    ("agreements_concluded", "2024-08-28"),
    ("joint_design", "2024-11-20"),
    ("implementation", "2025-03-03"),
)
CANDIDATES = {"2408": "Powiat mikołowski", "2414": "Powiat bieruńsko-lędziński"}

INCLUSIONS: tuple[Made, ...] = (
    {"code": "W1", "name": "Instytucja z powiatu z aktualną ofertą", "needs_verified_service": True, "in_county": True},
    {"code": "W2", "name": "Żłobek lub przedszkole z powiatu", "institution_types": ["nursery", "kindergarten"]},
)
EXCLUSION: Made = {"direction": "exclusion", "code": "Y1", "name": "Na wniosek instytucji"}
MEMBERS = {
    "psych_ped_counselling_centre": ("coordinating", "W1"),
    "specialist_counselling_centre": ("supporting", "W1"),
    "community_mental_health_centre": ("supporting", "W1"),
    "social_assistance_centre": ("supporting", "W1"),
    "kindergarten": ("cooperating", "W2"),
    "nursery": ("cooperating", "W2"),
    "primary_school": ("cooperating", "W1"),
    "ngo": ("cooperating", "W1"),
    "county_labour_office": ("cooperating", "W1"),
    "social_integration_centre": ("cooperating", "W1"),
}
LEFT, WAITS = "social_integration_centre", "hospital"

APPOINTED = {
    "cross_sector_support_coordinator": "demo-county-coordinator",
    "coordinating_institution_coordinator": "demo-institution-coordinator",
    "early_screening_coordinator": "demo-early-screening-coordinator",
    "pupil_screening_coordinator": "demo-pupil-screening-coordinator",
}
PROGRAMME: Made = {
    "name": "Świetlice środowiskowe",
    "sector": "family_support",
    "target_groups": ["child", "family"],
    "starts_on": "2025-01-01",
    "ends_on": "2027-12-31",
    "amount": "375000.00",
}


async def send_county(api: Api, own: dict[str, Made]) -> None:
    """Send each part where there is nothing of its kind."""
    await _send_agreement(api)
    await _send_sites(api)
    await _send_functions(api, own)
    await _send_appointments(api, own)
    await _send_network(api, own)
    if not await api.first("local-programmes", **COUNTY):
        await api.create("local-programmes", PROGRAMME | {"institution_id": own["ngo"]["id"]})


async def _send_agreement(api: Api) -> None:
    if await api.first("agreements", **COUNTY):
        return
    agreement = await api.create("agreements", AGREEMENT)
    path = f"agreements/{agreement['id']}"
    for party in PARTIES:
        await api.create(f"{path}/signatories", party)
    await api.create(f"{path}/versions", TEXT)
    await api.change(f"{path}/sign", {"signed_on": "2024-08-28"}, await api.read(path))


async def _send_sites(api: Api) -> None:
    agreement = await api.first("agreements", kind="county_agreement", state="signed", **COUNTY)
    if agreement is None or await api.first("programmes/MWM/sites"):
        return
    site = await api.create("programmes/MWM/sites", {"name": "Katowice", **COUNTY})
    path = f"sites/{site['id']}"
    signing = {"agreement_id": agreement["id"], "signed_on": "2024-09-02"}
    site = await api.change(f"{path}/sign", signing, site)
    await api.change(f"{path}/activate", {"started_on": "2024-09-02"}, site)
    await api.take_steps(path, STEPS)
    for county, name in CANDIDATES.items():
        site = await api.create("programmes/MWM/sites", {"name": name, "county_terc": county})
        await api.take_steps(f"sites/{site['id']}", STEPS[:1] if county == "2408" else ())


async def _send_functions(api: Api, own: dict[str, Made]) -> None:
    kind = "coordinating_institution"
    if await api.first("institutions", function=kind, **COUNTY) is None:
        host = own["psych_ped_counselling_centre"]["id"]
        await api.create(f"institutions/{host}/functions", {"kind": kind, "held_from": "2024-09-02"})


async def _send_appointments(api: Api, own: dict[str, Made]) -> None:
    site = await api.first("programmes/MWM/sites", **COUNTY)
    if site is None or await api.first("appointments", site_id=site["id"]):
        return
    for role, subject in APPOINTED.items():
        facts = {"role": role, "site_id": site["id"], "subject": subject, "held_from": "2024-09-02"}
        if role == "coordinating_institution_coordinator":
            facts |= {"institution_id": own["psych_ped_counselling_centre"]["id"], "contract": "employment"}
        await api.create("appointments", facts)


async def _send_network(api: Api, own: dict[str, Made]) -> None:
    if await api.first("networks", **COUNTY):
        return
    founding = {"name": "Sieć wsparcia Katowic", "founded_on": "2024-10-01", **COUNTY}
    network = f"networks/{(await api.create('networks', founding))['id']}"
    rules: dict[str, str] = {}
    for rule in (*[{"direction": "inclusion", **inclusion} for inclusion in INCLUSIONS], EXCLUSION):
        rules[rule["code"]] = (await api.create(f"{network}/rules", {**rule, "valid_from": "2024-10-01"}))["id"]
    for kind, (role, code) in MEMBERS.items():
        membership = await _propose(api, network, own[kind], role)
        decision = {"rule_id": rules[code], "decided_on": "2024-10-22", "reason": "ustalono na spotkaniu sieci"}
        membership = await api.change(f"{network}/memberships/{membership['id']}/include", decision, membership)
        if kind == LEFT:
            decision = {"rule_id": rules["Y1"], "decided_on": "2025-06-30", "reason": "wniosek instytucji"}
            await api.change(f"{network}/memberships/{membership['id']}/exclude", decision, membership)
    await _propose(api, network, own[WAITS], "supporting")


async def _propose(api: Api, network: str, institution: Made, role: str) -> Made:
    proposal = {"institution_id": institution["id"], "role": role, "proposed_on": "2024-10-08"}
    return await api.create(f"{network}/memberships", proposal)
