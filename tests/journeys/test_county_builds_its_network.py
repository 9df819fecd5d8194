"""A county joins the model: from its agreement to its platform of cooperation, step by step, through the gateway.

Every step is also tried by somebody without the permission, by the same office of another county, and too early.
"""

from tests.journeys.county import AGREEMENTS, COUNTY, POWIAT, PROJEKT, SITE_STEPS, SITES, TEXT
from tests.journeys.county_bodies import compose_platform, form_platform, found_centre
from tests.journeys.county_networks import build_network, found_network
from tests.journeys.stories import Act, Made, Story


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


async def test_a_county_builds_its_network_and_nobody_else_does(story: Story) -> None:
    agreement = await conclude_agreement(story)
    await open_site(story, agreement)
    network, rules = await found_network(story)
    institutions = await build_network(story, network, rules)
    await found_centre(story, institutions)
    await form_platform(story, await compose_platform(story, institutions))
    feed = (await story.read("/events?limit=1000"))["items"][story.begun :]
    assert [event["type"] for event in feed] == story.told
    assert [int(event["sequence"]) - story.begun for event in feed] == list(range(1, len(feed) + 1))
    assert {event["countyterc"] for event in feed} == {"2469"}
