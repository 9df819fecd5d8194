"""A county joins the model: from its agreement to its platform of cooperation, step by step, through the gateway.

Every step is also tried by somebody without the permission, by the same office of another county, and too early.
"""

from typing import Any

from tests.journeys.stories import Act, Cast, Made, Story
from tests.support.callers import call_as

COORDINATOR = call_as("county_coordinator", subject="koordynatorka-powiatu")
EDITOR = call_as("registry_editor", subject="redaktor-rejestru")
MANAGER = call_as("programme_manager", counties=[], institution=None)
NEIGHBOUR = call_as("county_coordinator", counties=["2401"])
NEIGHBOURS_SYSTEM = call_as(scope="registry:write", counties=["2401"], institution=None)
GUARDIAN = call_as("guardian")


def _by_editor(permission: str) -> Cast:
    return Cast(permission, EDITOR, GUARDIAN, NEIGHBOUR)


def _by_coordinator(permission: str) -> Cast:
    """What a county's coordinator answers for, and whoever keeps the register does not decide."""
    return Cast(permission, COORDINATOR, EDITOR, NEIGHBOUR)


AGREEMENTS, NETWORKS, BODIES = _by_editor("agreements:edit"), _by_editor("networks:edit"), _by_editor("bodies:edit")
INSTITUTIONS, OFFERS = _by_editor("institutions:edit"), _by_editor("support-services:edit")
PROPOSALS, FUNCTIONS = _by_editor("memberships:propose"), _by_editor("functions:give")
SITES = Cast("sites:edit", MANAGER, COORDINATOR, NEIGHBOURS_SYSTEM)
SITE_STEPS, BODY_STEPS = _by_coordinator("sites:record-steps"), _by_coordinator("bodies:record-steps")
DECISIONS = _by_coordinator("memberships:decide")
COUNTY = {"county_terc": "2469"}
POWIAT = {"party_name": "Powiat", "party_kind": "authority"}
PROJEKT = {"party_name": "Projekt", "party_kind": "project_operator"}
TEXT = {"document_reference": "OR.031.1.2024", "document_sha256": "a" * 64, "valid_from": "2024-01-01"}


async def conclude_agreement(story: Story) -> Made:
    """It is drafted, and signed once it has two parties and a text."""
    draft = {"kind": "county_agreement", "title": "Porozumienie", "valid_from": "2024-01-01", **COUNTY}
    made: Made = await story.do(Act("/agreements", draft), AGREEMENTS, "agreement.created")
    one = f"/agreements/{made['id']}"
    story.watched += [one, f"{one}/signatories", f"{one}/versions"]
    sign = Act(f"{one}/sign", {"signed_on": "2024-01-10"}, one)
    refused = await story.too_early(sign, AGREEMENTS, "agreement-incomplete")
    assert refused["missing"] == ["document_version", "signatories"]
    await story.do(Act(f"{one}/signatories", POWIAT), AGREEMENTS, "agreement.signatory-added")
    await story.do(Act(f"{one}/versions", TEXT), AGREEMENTS, "agreement.text-added")
    refused = await story.too_early(sign, AGREEMENTS, "agreement-incomplete")
    assert refused["missing"] == ["signatories"]
    await story.do(Act(f"{one}/signatories", PROJEKT), AGREEMENTS, "agreement.signatory-added")
    await story.do(sign, AGREEMENTS, "agreement.signed")
    refused = await story.too_early(sign, AGREEMENTS, "state-conflict")
    assert (refused["state"], refused["allowed"]) == ("signed", ["terminate"])
    return made


async def open_site(story: Story, agreement: Made) -> None:
    """A candidate, carried by the agreement, at work, and two of its eight steps of change."""
    story.watched.append("/programmes/MWM/sites")
    candidate = Act("/programmes/MWM/sites", {"name": "Katowice", **COUNTY})
    site = await story.do(candidate, SITES, "site.created")
    one = f"/sites/{site['id']}"
    story.watched += [one, f"{one}/steps"]
    activate = Act(f"{one}/activate", {"started_on": "2024-02-01"}, one)
    refused = await story.too_early(activate, SITES, "state-conflict")
    assert (refused["missing"], refused["allowed"]) == (["agreement"], ["sign", "withdraw"])
    await story.do(Act(f"{one}/sign", {"agreement_id": agreement["id"]}, one), SITES, "site.agreement-signed")
    refused = await story.too_early(Act(f"{one}/complete", {"ended_on": "2024-02-01"}, one), SITES, "state-conflict")
    assert refused["allowed"] == ["activate", "withdraw"]
    await story.do(activate, SITES, "site.active")
    for step, before in {"reasons_shown": [], "agreements_concluded": ["reasons_shown"]}.items():
        if before:
            skipping = Act(f"{one}/steps", {"step": "joint_design", "done_on": "2024-03-01"}, f"{one}/steps")
            refused = await story.too_early(skipping, SITE_STEPS, "step-out-of-order")
            assert (refused["state"], refused["missing"]) == ("reasons_shown", ["agreements_concluded"])
        record = Act(f"{one}/steps", {"step": step, "done_on": "2024-02-15"}, f"{one}/steps")
        await story.do(record, SITE_STEPS, "site.step-recorded")
    assert (await story.read(one))["step"] == "agreements_concluded"


async def register(story: Story, name: str, kind: str, **facts: Any) -> Made:
    """An institution, and a service that it offers where its kind is said."""
    offers = facts.pop("offers", None)
    institution = {"name": name, "type": kind, **COUNTY, **facts}
    made: Made = await story.do(Act("/institutions", institution), INSTITUTIONS, "institution.created")
    if offers:
        await offer(story, made, offers)
    return made


async def offer(story: Story, host: Made, kind: str) -> None:
    service = {"institution_id": host["id"], "name": "Wsparcie", "kind": kind}
    await story.do(Act("/support-services", service), OFFERS, "support-service.created")


async def found_network(story: Story) -> tuple[str, dict[str, Made]]:
    """The network, and its rules by their code."""
    founding = {"name": "Sieć wsparcia", "founded_on": "2024-03-01", **COUNTY}
    network = await story.do(Act("/networks", founding), NETWORKS, "network.created")
    one = f"/networks/{network['id']}"
    story.watched += [one, f"{one}/rules", f"{one}/memberships"]
    since = {"valid_from": "2024-03-01"}
    criteria = {"needs_verified_service": True, "in_county": True}
    inclusion = {"direction": "inclusion", "code": "W1", "name": "Aktualna oferta w powiecie", **criteria, **since}
    exclusion = {"direction": "exclusion", "code": "Y1", "name": "Na własną prośbę", **since}
    rules = {}
    for rule in (inclusion, exclusion):
        told = "network-rule.created"
        rules[rule["code"]] = await story.do(Act(f"{one}/rules", rule), NETWORKS, told)
    refused = await story.too_early(Act("/networks", founding), NETWORKS, "network-already-open")
    assert refused["title"]
    return one, rules


def decide(membership: str, verb: str, rule: Made, day: str) -> Act:
    """A decision that rests on a rule."""
    body = {"rule_id": rule["id"], "decided_on": day, "reason": "ustalono na spotkaniu"}
    return Act(f"{membership}/{verb}", body, membership)


async def propose(story: Story, network: str, institution: Made, role: str) -> str:
    """The address of the membership that comes of it."""
    body = {"institution_id": institution["id"], "role": role, "proposed_on": "2024-03-05"}
    made = await story.do(Act(f"{network}/memberships", body), PROPOSALS, "membership.proposed")
    membership = f"{network}/memberships/{made['id']}"
    story.watched.append(f"{membership}/decisions")
    return membership


async def build_network(story: Story, network: str, rules: dict[str, Made]) -> list[Made]:
    """Two institutions come in by the rule; one of them leaves and comes back."""
    counselling = await register(story, "Poradnia", "psych_ped_counselling_centre", offers="diagnostic")
    kindergarten = await register(story, "Przedszkole", "kindergarten")
    first = await propose(story, network, counselling, "supporting")
    second = await propose(story, network, kindergarten, "cooperating")
    refused = await story.too_early(decide(first, "exclude", rules["Y1"], "2024-03-10"), DECISIONS, "state-conflict")
    assert (refused["state"], refused["allowed"]) == ("proposed", ["include"])
    refused = await story.too_early(decide(first, "include", rules["Y1"], "2024-03-10"), DECISIONS, "rule-not-met")
    assert refused["missing"] == ["direction"]
    await story.do(decide(first, "include", rules["W1"], "2024-03-10"), DECISIONS, "membership.included")
    refused = await story.too_early(decide(second, "include", rules["W1"], "2024-03-10"), DECISIONS, "rule-not-met")
    assert refused["missing"] == ["needs_verified_service"]
    await offer(story, kindergarten, "therapeutic")
    await story.do(decide(second, "include", rules["W1"], "2024-03-10"), DECISIONS, "membership.included")
    await leave_and_come_back(story, network, second, rules)
    return [counselling, kindergarten]


async def leave_and_come_back(story: Story, network: str, membership: str, rules: dict[str, Made]) -> None:
    """Excluded and included again: each decision is kept, and every day shows the state it had."""
    await story.do(decide(membership, "exclude", rules["Y1"], "2024-06-01"), DECISIONS, "membership.excluded")
    refused = await story.too_early(
        decide(membership, "exclude", rules["Y1"], "2024-07-01"), DECISIONS, "state-conflict"
    )
    assert (refused["state"], refused["allowed"]) == ("excluded", ["include"])
    await story.do(decide(membership, "include", rules["W1"], "2024-09-01"), DECISIONS, "membership.included")
    kept = (await story.read(f"{membership}/decisions"))["items"]
    assert [(each["from_state"], each["to_state"], each["decided_on"], each["rule_code"]) for each in kept] == [
        (None, "proposed", "2024-03-05", None),
        ("proposed", "included", "2024-03-10", "W1"),
        ("included", "excluded", "2024-06-01", "Y1"),
        ("excluded", "included", "2024-09-01", "W1"),
    ]
    assert [each["decided_by"] for each in kept[1:]] == ["koordynatorka-powiatu"] * 3
    days = ["2024-03-04", "2024-03-05", "2024-03-10", "2024-05-31", "2024-06-01", "2024-08-31", "2024-09-01"]
    states = [await state_on(story, network, membership, day) for day in days]
    assert states == [None, "proposed", "included", "included", "excluded", "excluded", "included"]


async def state_on(story: Story, network: str, membership: str, day: str) -> str | None:
    """The state of a membership on a day."""
    shown = (await story.read(f"{network}/memberships?as_of={day}"))["items"]
    return next((each["state"] for each in shown if membership.endswith(each["id"])), None)


async def found(story: Story, **facts: Any) -> str:
    """A body, and its address."""
    body = await story.do(Act("/bodies", {"founded_on": "2024-10-01", **facts}), BODIES, "body.founded")
    one = f"/bodies/{body['id']}"
    story.watched += [one, f"{one}/members", f"{one}/composition", f"{one}/meetings", f"{one}/communiques"]
    return one


def step(body: str, code: str, day: str = "2024-11-01") -> Act:
    """A step of a body's formation."""
    return Act(f"{body}/steps", {"step": code, "done_on": day}, f"{body}/steps")


async def seat(story: Story, body: str, group: str, **facts: Any) -> Made:
    """A member of a body."""
    member = {"group": group, "person_role": "przedstawicielka", "held_from": "2024-10-01", **facts}
    made: Made = await story.do(Act(f"{body}/members", member), BODIES, "body.member-added")
    return made


async def found_centre(story: Story, institutions: list[Made]) -> None:
    """The county's centre: five steps in order, established only with its team."""
    host = f"/institutions/{institutions[0]['id']}/functions"
    await story.do(Act(host, {"kind": "pckz", "held_from": "2024-10-01"}), FUNCTIONS, "institution.function-given")
    centre = await found(story, kind="county_resource_coordination_centre", name="PCKZ", **COUNTY)
    story.watched.append(f"{centre}/steps")
    refused = await story.too_early(step(centre, "rules_team_appointed"), BODY_STEPS, "step-out-of-order")
    assert refused["missing"] == ["persons_and_units_designated", "support_network_created"]
    for code in ("persons_and_units_designated", "support_network_created", "rules_team_appointed"):
        await story.do(step(centre, code), BODY_STEPS, "body.step-recorded")
    await seat(story, centre, "coordinator")
    refused = await story.too_early(step(centre, "centre_established"), BODY_STEPS, "conditions-not-met")
    assert refused["missing"] == ["valid_composition"]
    assert refused["groups"] == [{"group": "unit_representatives", "missing": 1, "surplus": 0}]
    await seat(story, centre, "unit_representatives", institution_id=institutions[1]["id"])
    for code in ("centre_established", "staff_trained"):
        await story.do(step(centre, code), BODY_STEPS, "body.step-recorded")
    refused = await story.too_early(step(centre, "staff_trained"), BODY_STEPS, "step-already-recorded")
    assert refused["allowed"] == []
    assert (await story.read(centre))["state"] == "staff_trained"


async def compose_platform(story: Story, institutions: list[Made]) -> str:
    """Three and one and one are not the county's representation; two and two and one are (source 004)."""
    team = await found(story, kind="local_synergy_team", name="Zespół synergii", commune_terc="2469011")
    for institution in institutions:
        await seat(story, team, "stakeholders", institution_id=institution["id"])
    platform = await found(story, kind="county_cooperation_platform", name="RPWP", **COUNTY)
    story.watched.append(f"{platform}/steps")
    council, benefit = "county_employment_council", "county_public_benefit_council"
    surplus = [await seat(story, platform, council) for _ in range(3)][-1]
    await seat(story, platform, benefit)
    await seat(story, platform, "local_synergy_team", delegating_body_id=team.rpartition("/")[2])
    refused = await story.too_early(step(platform, "cyclic_work"), BODY_STEPS, "step-out-of-order")
    assert refused["missing"] == ["letter_of_intent", "first_meeting", "schedule_and_diagnosis"]
    for code in refused["missing"]:
        await story.do(step(platform, code), BODY_STEPS, "body.step-recorded")
    refused = await story.too_early(step(platform, "cyclic_work"), BODY_STEPS, "conditions-not-met")
    assert refused["missing"] == ["valid_composition", "planned_meeting"]
    assert refused["groups"] == [
        {"group": council, "missing": 0, "surplus": 1},
        {"group": benefit, "missing": 1, "surplus": 0},
    ]
    leave = Act(f"{platform}/members/{surplus['id']}/end", {"held_to": "2024-10-15", "reason": "nadmiar"}, surplus)
    await story.do(leave, BODIES, "body.member-ended")
    await seat(story, platform, benefit)
    return platform


async def form_platform(story: Story, platform: str) -> None:
    """Rightly composed, it works in cycles once it has planned to meet, and tells of it."""
    assert (await story.read(f"{platform}/composition?as_of=2024-11-01"))["valid"]
    refused = await story.too_early(step(platform, "cyclic_work"), BODY_STEPS, "conditions-not-met")
    assert (refused["missing"], refused["groups"]) == (["planned_meeting"], [])
    plan = {"first_on": "2024-11-15", "topic": "Ocena współpracy", "every_months": 3, "times": 4}
    await story.do(Act(f"{platform}/meetings", plan), BODIES, "body.meetings-planned")
    await story.do(step(platform, "cyclic_work"), BODY_STEPS, "body.step-recorded")
    refused = await story.too_early(step(platform, "communications"), BODY_STEPS, "conditions-not-met")
    assert refused["missing"] == ["issued_communique"]
    told = {
        "title": "Stan",
        "issued_on": "2024-11-01",
        "recipients": ["county_board"],
        "guidance": "Warto się spotkać.",
    }
    await story.do(Act(f"{platform}/communiques", told), BODIES, "body.communique-issued")
    await story.do(step(platform, "communications"), BODY_STEPS, "body.step-recorded")
    assert (await story.read(f"{platform}/steps"))["ended"]


async def test_a_county_builds_its_network_and_nobody_else_does(story: Story) -> None:
    agreement = await conclude_agreement(story)
    await open_site(story, agreement)
    network, rules = await found_network(story)
    institutions = await build_network(story, network, rules)
    await found_centre(story, institutions)
    await form_platform(story, await compose_platform(story, institutions))
    feed = (await story.read("/events?limit=1000"))["items"]
    assert [event["type"] for event in feed] == story.told
    assert [int(event["sequence"]) for event in feed] == list(range(1, len(feed) + 1))
    assert {event["countyterc"] for event in feed} == {"2469"}
