"""The story of a family, third part: support is asked for, given, counted and ended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.chassis.ground import clock
from tests.casework.referrals.made import set_day
from tests.journeys import supported as people
from tests.journeys.stories import Act, Cast, Made, Story
from tests.journeys.support_beginnings import consent
from tests.journeys.supported import COORDINATOR, MANAGER, REMARK, THERAPIST, SupportStory, provider, today
from tests.support.callers import OTHER_INSTITUTION
from tests.support.problems import assert_problem


def handling(service: Made) -> Cast:
    """Who answers what the service is asked."""
    may, other = provider(service["institution_id"]), provider(OTHER_INSTITUTION, "inny-osrodek")
    return Cast("referrals:handle", may, THERAPIST, other, hidden="referral-not-found")


async def free_places(story: Story, service: Made) -> int:
    """How many places the registry still has."""
    places: int = (await story.read(f"/support-services/{service['id']}"))["free_places"]
    return places


async def refer_out(story: SupportStory, registry: Story, case: str, service: Made, family: tuple[Made, Made]) -> str:
    """The address of a referral to the service: with a consent for that institution, and while there is a place."""
    asked = {"support_service_id": service["id"], "categories": ["identity", "assessment"], "note": REMARK}
    sending = Act(f"{case}/referrals", asked)
    lacking = await story.lacking(sending, people.REFERRALS, "consent-required", 403)
    assert (sorted(lacking), await free_places(registry, service)) == (["assessment", "identity"], 1)
    to_it = {"purpose": "referral", "recipient_institution_id": service["institution_id"]}
    await consent(story, *family, **to_it, categories=asked["categories"])
    one = f"/referrals/{(await story.do(sending, people.REFERRALS, 'referral.sent'))['id']}"
    story.watched.append(one)
    assert await free_places(registry, service) == 0
    await story.too_early(sending, people.REFERRALS, "no-place-left")
    return one


async def accept(story: SupportStory, registry: Story, service: Made, referral: str) -> None:
    """The institution sees whom it is about once it has received the referral, and takes the place."""
    cast = handling(service)
    assert (await story.read(referral, cast.may))["person"] is None
    received, accepted = Act(f"{referral}/receive", None, referral), Act(f"{referral}/accept", None, referral)
    await story.too_early(received, replace(cast, may=COORDINATOR), "for-receiver-only", 403)
    await story.twice(accepted, cast, "sent")
    shown = await story.do(received, cast, "disclosure.sent", "referral.received")
    assert shown["person"]["family_name"] == people.CANARY
    await story.twice(received, cast, "received")
    await story.do(accepted, cast, "referral.accepted")
    await story.twice(accepted, cast, "accepted")
    assert await free_places(registry, service) == 0


async def give_support(story: SupportStory, case: str, service: Made, referral: str, present: list[str]) -> None:
    """What was given by the referral is recorded; not before the case began, and what was a mistake does not count."""
    cast = replace(handling(service), permission="support-events:record", may_not=MANAGER, hidden="case-not-found")
    by = {"case_id": case.rpartition("/")[2], "referral_id": referral.rpartition("/")[2], "present": present}
    given = by | {"occurred_on": today(), "kind": "therapeutic", "form": "individual_classes", "minutes": 45}
    before = str(clock.today() - timedelta(days=1))
    early = Act("/support-events", given | {"occurred_on": before})
    await story.too_early(early, cast, "validation-failed", 422)
    await story.too_early(Act("/support-events", given | {"is_early_support": True}), cast, "not-the-organiser")
    await story.do(Act("/support-events", given | {"notes": REMARK}), cast, "case.changed", "support-event.recorded")
    again = await story.do(Act("/support-events", given), cast, "support-event.recorded")
    annul = Act(f"/support-events/{again['id']}/annul", {"reason": "entered_twice"}, again)
    found = replace(cast, hidden="support-event-not-found")
    await story.do(annul, found, "support-event.annulled")
    await story.too_early(annul, found, "version-mismatch", 412)


async def report(story: SupportStory, patch: pytest.MonkeyPatch) -> None:
    """The county's report is submitted when its period is over, once, and another office accepts it."""
    day = clock.today()
    period = {"county_terc": "2469", "starts_on": str(day.replace(day=1)), "ends_on": str(day)}
    drafting = Act("/monitoring-reports", period)
    made = await story.do(drafting, people.REPORTS, "monitoring-report.drafted")
    one = f"/monitoring-reports/{made['id']}"
    submit, decide = Act(f"{one}/submit", None, one), Act(f"{one}/accept", None, one)
    lacking = await story.lacking(submit, people.DRAFTS, "monitoring-report-not-ready")
    assert lacking == ["period_over", "figures_of_whole_period"]
    with patch.context() as later:
        set_day(later, day + timedelta(days=1))
        assert await story.lacking(submit, people.DRAFTS, "monitoring-report-not-ready") == lacking[1:]
        await story.do(Act(f"{one}/recompute", None, one), people.DRAFTS, "monitoring-report.changed")
        await story.do(submit, people.DRAFTS, "monitoring-report.submitted")
        await story.twice(submit, people.DRAFTS, "submitted")
        await story.do(decide, people.DECISIONS, "monitoring-report.accepted")
        await story.twice(decide, people.DECISIONS, "accepted")


async def complete(story: SupportStory, registry: Story, service: Made, referral: str) -> None:
    """The institution says that its support is over, and its place is free again, once."""
    cast = handling(service)
    ending = Act(f"{referral}/complete", None, referral)
    await story.twice(ending, cast, "accepted")
    meeting = {"scheduled_at": (clock.now() + timedelta(hours=1)).isoformat()}
    await story.do(Act(f"{referral}/schedule", meeting, referral), cast, "referral.scheduled")
    await story.do(ending, cast, "referral.completed")
    await story.twice(ending, cast, "completed")
    for _ in range(2):
        await story.give_places_back()
        assert await free_places(registry, service) == 1


async def close(story: SupportStory, case: str) -> None:
    """A case ends for a reason, once; its team sees it no longer."""
    assert (await story.read(case, THERAPIST))["state"] == "under_review"
    assert await story.lacking(Act(f"{case}/close", {}, case), people.CASES, "case-not-ready") == ["reason"]
    closing = Act(f"{case}/close", {"reason": "goals_reached"}, case)
    await story.do(closing, people.CASES, "case.closed")
    await story.twice(closing, people.CASES, "closed")
    assert_problem(await story.client.get(case, headers=THERAPIST), 404, "case-not-found")
