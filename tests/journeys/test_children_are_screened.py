"""A county screens its children by a licensed instrument: from the package to the study, through the gateway.

Every step is also tried by somebody without the permission, by the same office of another county or institution, and
out of order; the refusal says what is missing and changes nothing.
"""

import json

from tests.journeys import screened as people
from tests.journeys.screened import CANARY, ITEMS, ScreeningStory
from tests.journeys.screening_outcomes import export, follow, judge, pass_on, study
from tests.journeys.screening_plans import load_instrument, plan_campaign
from tests.journeys.screening_rounds import look_at_numbers, screen_again, screen_one, screen_several, select
from tests.support.problems import assert_problem


async def test_children_are_screened_and_nobody_learns_more_than_they_may(screening_story: ScreeningStory) -> None:
    story = screening_story
    await load_instrument(story)
    campaign = await plan_campaign(story)
    single = await screen_one(story, campaign)
    await screen_several(story, campaign)
    await look_at_numbers(story, campaign)
    await select(story, campaign)
    await screen_again(story, campaign)
    await judge(story, single)
    await export(story, await study(story, campaign))
    await pass_on(story, single)
    feed = (await story.read("/events?limit=1000"))["items"]
    assert_problem(await story.client.get("/events", headers=people.COORDINATOR), 403, "forbidden")
    assert [event["type"] for event in feed] == story.told
    assert {event.get("countyterc") for event in feed} == {"2469", None}
    assert [event["sequence"] for event in feed] == [str(number + 1) for number in range(len(feed))]
    await follow(story, feed)
    of_children = [event for event in feed if event["type"].startswith("screening.screening.")]
    ids = {"href", "subject_ref", "institution_id", "campaign_id", "job"}
    assert all(event["data"].keys() <= ids for event in of_children)
    everything = json.dumps(feed, ensure_ascii=False)
    for secret in (people.BIRTHDAY, "2022-01", people.REMARK, CANARY, *ITEMS, "sometimes", "female", '"parent"'):
        assert secret not in everything, secret
