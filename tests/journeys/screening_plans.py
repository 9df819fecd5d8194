"""The story of a campaign, first part: a licensed instrument and the plan to screen by it."""

import json
import uuid
from typing import Any

from tests.journeys import screened as people
from tests.journeys.screened import CANARY, ScreeningStory, screening
from tests.journeys.stories import Act, Made
from tests.screening.instrument_packages.asks import signed

CODE = f"STEPS{uuid.uuid4().hex[:8].upper()}"
VERSION = f"/instruments/{CODE}/versions/1"


IMPORTED = [number % 8 for number in range(35)] + [8 + number % 9 for number in range(25)]
"""The points of the imported children, who are called 101, 102, …: the last twenty-five are positive."""


POSITIVE = range(136, 161)
NEGATIVE_BY_HAND = 108


async def load_instrument(story: ScreeningStory) -> None:
    """A publisher's package: its texts are shown to nobody, and its norms count once its questions are published."""
    content = people.package(CODE)
    unsigned = Act("/instrument-packages", {"package": content})
    await story.too_early(unsigned, people.PACKAGES, "package-not-trusted", 422)
    load = Act("/instrument-packages", signed(content))
    told = ("instrument.created", "instrument-version.drafted", "norm-set.drafted")
    await story.do(load, people.PACKAGES, *told)
    await story.too_early(load, people.PACKAGES, "package-already-loaded")
    story.watched += [VERSION, f"{VERSION}/norm-sets"]
    [norms] = (await story.read(f"{VERSION}/norm-sets"))["items"]
    in_force = Act(f"{VERSION}/norm-sets/{norms['id']}/bring-into-force", seen=f"{VERSION}/norm-sets/{norms['id']}")
    await story.too_early(in_force, people.NORMS, "instrument-version-not-published")
    await story.do(Act(f"{VERSION}/publish", seen=VERSION), people.VERSIONS, "instrument-version.published")
    await story.do(in_force, people.NORMS, "norm-set.brought-into-force")
    assert CANARY not in json.dumps(await story.read(VERSION), ensure_ascii=False)


async def plan_campaign(story: ScreeningStory) -> str:
    """The address of a campaign of two stages, opened once somebody carries it out."""
    await story.do(
        Act("/protocols", {"code": CODE, "name_pl": "Dwa etapy", "name_en": "Two stages"}),
        people.PROTOCOLS,
        "protocol.created",
    )
    battery = {"forms": [{"instrument_code": CODE, "instrument_version": 1}], "days": 90}
    rule = {"kind": "outcome_in", "outcomes": ["positive"]}
    stages = {"stage_one": battery, "selection": rule, "stage_two": battery}
    await story.do(Act(f"/protocols/{CODE}/versions", stages), people.PROTOCOLS, "protocol.version-added")
    names = {"name_pl": "Wiosna", "name_en": "Spring", "protocol_code": CODE, "protocol_version": 1}
    plan = Act("/campaigns", names | {"county_terc": "2469", "age_bands": [36, 72]})
    one = f"/campaigns/{(await story.do(plan, people.CAMPAIGNS, 'campaign.created'))['id']}"
    story.watched += [f"{one}/{part}" for part in ("implementers", "targets", "statistics", "funnel", "selections")]
    story.watched.append("/screenings?limit=200")
    opening = Act(f"{one}/open", {"opened_on": "2026-03-02"}, one)
    refused = await story.too_early(opening, people.CAMPAIGNS, "state-conflict")
    assert (refused["state"], refused["missing"]) == ("planned", ["implementer"])
    early = Act("/screenings", new(one, 1, 4))
    refused = await story.too_early(early, people.NEW_SCREENINGS, "state-conflict")
    assert "open" in refused["allowed"]
    joining = Act(f"{one}/implementers", {"code": "project", "name": "Powiaty projektu"})
    await story.do(joining, people.CAMPAIGNS, "campaign.implementer-added")
    await story.too_early(joining, people.CAMPAIGNS, "implementer-already-added")
    await story.do(Act(f"{one}/targets", {"subjects": 60}), people.CAMPAIGNS, "campaign.target-set")
    await story.do(opening, people.CAMPAIGNS, "campaign.opened")
    refused = await story.too_early(opening, people.CAMPAIGNS, "state-conflict")
    assert refused["state"] == "open"
    return one


def new(campaign: str, number: int, points: int, **facts: Any) -> Made:
    """A screening in the campaign."""
    named = {"campaign_id": campaign.rpartition("/")[2], "instrument_code": CODE}
    return screening(number, points, **named | facts)
