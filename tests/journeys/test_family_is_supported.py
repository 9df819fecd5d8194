"""A county supports a family: from a positive screening to the end of the case, through the gateway.

Every main step is also tried by somebody without the permission, by somebody out of whose reach the family is, too
early and twice; the refusal says what is missing and changes nothing.
"""

import pytest

from tests.journeys.stories import Story
from tests.journeys.support_beginnings import identify, offer_therapy, open_case, refer_in, register_family, screen
from tests.journeys.supported import SupportStory


async def test_a_family_is_supported_and_nobody_learns_more_than_they_may(
    platform: str, story: Story, support_story: SupportStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await offer_therapy(story)
    intake = await refer_in(support_story, await screen(platform), monkeypatch)
    child, mother = await register_family(support_story)
    await identify(support_story, intake, child)
    case = await open_case(support_story, child, mother, intake)
    assert service and case
    feed = (await support_story.read("/events?limit=1000"))["items"]
    assert [event["type"] for event in feed] == support_story.told
