"""The story of a county: its centre and its platform are founded, composed and formed."""

from typing import Any

from tests.journeys.county import AGREEMENTS, BODIES, BODY_STEPS, COUNTY, FUNCTIONS, TEXT
from tests.journeys.stories import Act, Made, Story


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
    host = Act(f"/institutions/{institutions[0]['id']}/functions", {"kind": "pckz", "held_from": "2024-10-01"})
    refused = await story.too_early(host, FUNCTIONS, "conditions-not-met")
    assert refused["missing"] == ["county_resource_coordination_centre"]
    centre = await found(story, kind="county_resource_coordination_centre", name="PCKZ", **COUNTY)
    story.watched.append(f"{centre}/steps")
    function = await story.do(host, FUNCTIONS, "institution.function-given")
    assert centre.endswith(function["body_id"])
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
    await begin_platform(story, platform)
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


async def begin_platform(story: Story, platform: str) -> None:
    """It begins with a letter of intent and a first meeting, and with nothing less (source 004)."""
    letter = {"kind": "letter_of_intent", "title": "List intencyjny", "valid_from": "2024-10-02", **COUNTY}
    made = await story.do(Act("/agreements", letter), AGREEMENTS, "agreement.created")
    one = f"/agreements/{made['id']}"
    for role in ("author", "addressee"):
        party = {"party_name": role, "party_kind": "authority", "role": role}
        await story.do(Act(f"{one}/signatories", party), AGREEMENTS, "agreement.signatory-added")
    await story.do(Act(f"{one}/versions", TEXT), AGREEMENTS, "agreement.text-added")
    refused = await story.too_early(step(platform, "letter_of_intent"), BODY_STEPS, "conditions-not-met")
    assert refused["missing"] == ["letter_of_intent"], "it is a draft"
    await story.do(Act(f"{one}/sign", {"signed_on": "2024-10-02"}, one), AGREEMENTS, "agreement.signed")
    run = await story.do(step(platform, "letter_of_intent"), BODY_STEPS, "body.step-recorded")
    assert f"/{run['steps'][0]['stands_for']}" == one
    refused = await story.too_early(step(platform, "first_meeting"), BODY_STEPS, "conditions-not-met")
    assert refused["missing"] == ["first_meeting"]
    plan = {"first_on": "2024-10-20", "topic": "Kierunki działania", "kind": "first"}
    planned = await story.do(Act(f"{platform}/meetings", plan), BODIES, "body.meetings-planned")
    [meeting] = planned["items"]
    hold = Act(f"{platform}/meetings/{meeting['id']}/hold", {"held_on": "2024-10-20"}, meeting)
    await story.do(hold, BODIES, "body.meeting-held")
    for code in ("first_meeting", "schedule_and_diagnosis"):
        await story.do(step(platform, code), BODY_STEPS, "body.step-recorded")


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
