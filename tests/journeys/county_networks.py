"""The story of a county: its network is founded, and members join, leave and come back."""

from typing import Any

from tests.journeys.county import COUNTY, DECISIONS, INSTITUTIONS, NETWORKS, OFFERS, PROPOSALS, VERIFICATIONS
from tests.journeys.stories import Act, Made, Story


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
    made = await story.do(Act("/support-services", service), OFFERS, "support-service.created")
    await verify(story, made, "2024-03-06")


async def verify(story: Story, service: Made, day: str) -> None:
    """Somebody found on that day that the description holds; it is entered today."""
    act = Act(f"/support-services/{service['id']}/verifications", {"verified_on": day})
    await story.do(act, VERIFICATIONS, "support-service.verified")


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
    again = decide(membership, "include", rules["W1"], "2024-09-01")
    refused = await story.too_early(again, DECISIONS, "rule-not-met")
    assert refused["missing"] == ["needs_verified_service"], "of the offer nobody knew for half a year whether it held"
    host = (await story.read(membership))["institution_id"]
    [service] = (await story.read(f"/support-services?institution_id={host}"))["items"]
    await verify(story, service, "2024-08-20")
    await story.do(again, DECISIONS, "membership.included")
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
