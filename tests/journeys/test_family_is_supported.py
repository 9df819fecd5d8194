"""A county supports a family: from a positive screening to the end of the case, through the gateway.

Every main step is also tried by somebody without the permission, by somebody out of whose reach the family is, too
early and twice; the refusal says what is missing and changes nothing.
"""

import json

import pytest

from tests.casework.canaries import tells
from tests.casework.surroundings import Surroundings
from tests.journeys import supported as people
from tests.journeys.stories import Act, Made, Story
from tests.journeys.support_beginnings import identify, offer_therapy, open_case, refer_in, register_family, screen
from tests.journeys.support_births import bear_twins, expect_child, keep_history, let_mother_in
from tests.journeys.support_given import accept, close, complete, give_support, refer_out, report
from tests.journeys.support_plans import agree, assess, draft_plan, follow_recommendations, review
from tests.journeys.supported import SupportStory
from tests.support.callers import OWN_INSTITUTION
from tests.support.databases import dumped
from tests.support.problems import assert_problem


async def test_a_family_is_supported_and_nobody_learns_more_than_they_may(
    platform: str,
    story: Story,
    support_story: SupportStory,
    left: Surroundings,
    admin_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = await offer_therapy(story)
    intake = await refer_in(support_story, await screen(platform), monkeypatch)
    child, mother = await register_family(support_story)
    await identify(support_story, intake, child)
    case = await open_case(support_story, child, mother, intake)
    await assess(support_story, case)
    plan = await draft_plan(support_story, case)
    await agree(support_story, case, plan)
    referral = await refer_out(support_story, story, case, service, (child, mother))
    await accept(support_story, story, service, referral)
    await give_support(support_story, case, service, referral, [child["id"], mother["id"]])
    await follow_recommendations(support_story, plan)
    await review(support_story, case, plan)
    early = Act(f"{case}/close", {}, case)
    lacking = await support_story.lacking(early, people.CASES, "case-not-ready")
    assert lacking == ["reason", "no_open_referrals"]
    await report(support_story, monkeypatch)
    await complete(support_story, story, service, referral)
    await close(support_story, case)
    await look_at_feed(support_story)
    await look_at_log(support_story, child, service["institution_id"])
    look_around(left, dumped(admin_url, "registry", "screening"), service)


async def look_at_feed(story: SupportStory) -> None:
    """The feed tells what was done and no more: ids and codes, of nobody who is named; so does the audit."""
    feed = (await story.read("/events?limit=1000"))["items"]
    assert [event["type"] for event in feed] == story.told
    trail = await story.client.get("/audit-records?format=csv", headers=people.AUDITOR)
    assert "activate_plan" in trail.text
    everything = json.dumps(feed, ensure_ascii=False) + trail.text
    assert [secret for secret in people.SECRETS if secret in everything] == []
    refused = await story.client.get("/events", headers=people.COORDINATOR)
    assert_problem(refused, 403, "forbidden")


async def look_at_log(story: SupportStory, child: Made, host: str) -> None:
    """A guardian reads who has looked at the child's data: from where, as what and at what, and not by name."""
    path = f"/access-log?person_id={child['id']}&limit=200"
    entries = (await story.read(path, people.MOTHER))["items"]
    assert {(*entry["roles"], entry["institution_id"]) for entry in entries} == {
        ("county_coordinator", OWN_INSTITUTION),
        ("specialist", OWN_INSTITUTION),
        ("service_provider", host),
        ("guardian", None),
        (None,),  # an account of a system, which has no role: the one that looks after each step here
    }
    looked = {(entry["roles"][0], entry["category"], entry["action"]) for entry in entries if entry["roles"]}
    assert {
        ("guardian", "plan", "get_plan"),
        ("specialist", "case", "get_case"),
        ("service_provider", "referrals", "get_referral"),
    } <= looked
    assert {entry["account"] for entry in entries} == {None}
    told = {entry["account"] for entry in (await story.read(path, people.COORDINATOR))["items"]}
    assert {"koordynatorka-powiatu", "logopedka", "osrodek", "mama"} <= told
    assert_problem(await story.client.get(path, headers=people.OTHER_MOTHER), 404, "person-not-found")
    forbidden = assert_problem(await story.client.get(path, headers=people.THERAPIST), 403, "forbidden")
    assert forbidden["permission"] == "casework:access-log:read"


def look_around(left: Surroundings, backup: str, service: Made) -> None:
    """Nobody is named in a backup of the other services, nor in what any process has left beside its answers."""
    assert {"released", service["id"]} <= {*backup.split()}
    texts = left.texts() | {"backup": backup}
    assert f"/v1/registry/support-services/{service['id']}/reservations" in texts["addresses"]
    assert [kind for kind, text in texts.items() if tells(text, people.SECRETS)] == []


async def test_an_expecting_family_is_supported_and_twins_keep_the_history(support_story: SupportStory) -> None:
    story = support_story
    child, mother = await expect_child(story)
    case = await open_case(story, child, mother)
    await let_mother_in(story, child, mother)
    await assess(story, case)
    plan = await draft_plan(story, case)
    await agree(story, case, plan)
    first, twin = await bear_twins(story, child, mother)
    assert first["id"] == child["id"]
    await keep_history(story, case, plan, first, twin)
    await look_at_feed(story)
