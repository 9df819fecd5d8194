"""The story of a family, first part: a screening calls for help, and the family is known and agrees."""

from typing import Any

import httpx
import pytest

from tests.journeys import supported as people
from tests.journeys.county import OFFERS
from tests.journeys.county_networks import register
from tests.journeys.stories import Act, Made, Story
from tests.journeys.supported import CHILD, MOTHER, PARENT, REMARK, SupportStory, today
from tests.screening.screenings.made import CALLING, SUBMISSION, act, screening
from tests.support.callers import OWN_INSTITUTION, call_as
from tests.support.problems import assert_problem

CASEWORK: Made = {"purpose": "casework", "categories": ["identity", "case", "assessment", "plan", "support"]}


async def offer_therapy(story: Story) -> Made:
    """A service of the registry with one free place."""
    host = await register(story, "Ośrodek", "psych_ped_counselling_centre")
    service = {"institution_id": host["id"], "name": "Terapia mowy", "kind": "therapeutic"}
    places = {"capacity": 1, "free_places": 1, "target_groups": ["child", "expecting_family"]}
    made: Made = await story.do(Act("/support-services", service | places), OFFERS, "support-service.created")
    return made


async def screen(platform: str) -> Made:
    """A child found positive, whose guardian agrees to a referral."""
    carer = call_as("screener", subject="opiekunka-zlobka")
    body = screening(
        answers=CALLING, submission=SUBMISSION | {"consent_to_refer": True}, institution_id=OWN_INSTITUTION
    )
    async with httpx.AsyncClient(base_url=platform.removesuffix("/v1"), headers=carer, trust_env=False) as client:
        answer = await client.post("/v1/screening/screenings", json=body)
        assert answer.status_code == 201, answer.text
        confirmed = await act(client, answer.json(), "confirm")
        assert confirmed.status_code == 200, confirmed.text
    made: Made = confirmed.json()
    return made


async def refer_in(story: SupportStory, positive: Made, patch: pytest.MonkeyPatch) -> str:
    """The address of the referral that the positive screening became: one, however often the feed is followed."""
    for _ in range(2):
        await story.follow_screening(patch)
    [referral] = (await story.read("/referrals"))["items"]
    assert (referral["screening_id"], referral["person_id"], referral["state"]) == (positive["id"], None, "sent")
    story.told.append("casework.referral.sent")
    one = f"/referrals/{referral['id']}"
    story.watched.append(one)
    early = Act(f"{one}/accept", None, one)
    await story.twice(early, people.INTAKES, "sent")
    await story.do(Act(f"{one}/receive", None, one), people.INTAKES, "referral.received")
    await story.twice(Act(f"{one}/receive", None, one), people.INTAKES, "received")
    assert await story.lacking(early, people.INTAKES, "state-conflict") == ["person_id"]
    return one


async def register_family(story: SupportStory, **facts: Any) -> tuple[Made, Made]:
    """A child and its mother, whose account is joined by a code, once."""
    child = await story.do(Act("/people", CHILD | facts), people.PEOPLE, "person.registered")
    mother = await story.do(Act("/people", PARENT), people.PEOPLE, "person.registered")
    await story.too_early(Act("/people", CHILD | facts), people.PEOPLE, "person-already-registered")
    await story.too_early(Act(f"/people/{child['id']}/account-codes"), people.CODES, "account-not-possible")
    authority = {"child_id": child["id"], "guardian_id": mother["id"], "kind": "parental_full"}
    begins = Act("/guardianships", authority | {"starts_on": CHILD["born_on"]})
    await story.do(begins, people.FAMILIES, "guardianship.begun")
    await story.too_early(begins, people.FAMILIES, "guardianship-runs")
    await join(story, mother)
    assert (await story.read(f"/people/{child['id']}", MOTHER))["id"] == child["id"]
    return child, mother


async def join(story: SupportStory, mother: Made) -> None:
    """The mother's account is joined by a code that is good once."""
    issued = await story.do(Act(f"/people/{mother['id']}/account-codes"), people.CODES, "account-code.issued")
    joining = Act("/accounts:join", {"code": issued["code"]})
    refused = assert_problem(await story.ask(joining, people.COORDINATOR), 403, "forbidden")
    assert refused["permission"] == "casework:accounts:join"
    assert (await story.ask(joining, MOTHER)).is_success
    story.told.append("casework.account.joined")
    assert_problem(await story.ask(joining, people.OTHER_MOTHER), 422, "account-code-refused")


async def identify(story: SupportStory, referral: str, child: Made) -> None:
    """Somebody says whom the screening was about, and stands for it."""
    named = {"person_id": child["id"]}
    step = Act(f"{referral}/identify", named, referral)
    await story.too_early(step, people.INTAKES, "validation-failed", 422)
    step = Act(f"{referral}/identify", named | {"is_joined": True}, referral)
    await story.do(step, people.INTAKES, "consent.recorded", "referral.identified")
    await story.too_early(step, people.INTAKES, "already-identified")
    accept = Act(f"{referral}/accept", None, referral)
    await story.do(accept, people.INTAKES, "referral.accepted")
    await story.twice(accept, people.INTAKES, "accepted")


async def consent(story: SupportStory, child: Made, giver: Made, **facts: Any) -> Made:
    """A consent of who acts for the child; nobody else's counts."""
    basis = {"person_id": child["id"], "basis": "consent", "given_by_id": giver["id"], "valid_from": today()}
    whole = basis | {"evidence": REMARK} | facts
    await story.too_early(
        Act("/consents", whole | {"given_by_id": child["id"]}), people.CONSENTS, "validation-failed", 422
    )
    made: Made = await story.do(Act("/consents", whole), people.CONSENTS, "consent.recorded")
    return made


async def open_case(story: SupportStory, child: Made, giver: Made, referral: str | None = None) -> str:
    """The address of a case: it is worked on once there is a basis for it."""
    body = {"person_id": child["id"], "track": "early", "first_contact_on": today(), "reason": REMARK}
    opening = Act("/cases", body | ({"referral_id": referral.rpartition("/")[2]} if referral else {}))
    one = f"/cases/{(await story.do(opening, people.NEW_CASES, 'case.opened'))['id']}"
    story.watched += [one, f"{one}/timeline"]
    await story.too_early(opening, people.NEW_CASES, "case-already-open")
    agreed = Act(f"{one}/consent", {}, one)
    assert await story.lacking(agreed, people.CASES, "case-not-ready") == ["legal_basis"]
    await story.twice(Act(f"{one}/assess", {}, one), people.CASES, "draft")
    await consent(story, child, giver, **CASEWORK)
    await story.do(agreed, people.CASES, "case.consented")
    await story.twice(agreed, people.CASES, "consented")
    await story.do(Act(f"{one}/assess", {}, one), people.CASES, "case.assessment")
    return one
