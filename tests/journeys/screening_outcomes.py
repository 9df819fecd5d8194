"""The story of a campaign, third part: results are confirmed, studied, exported, passed on and followed."""

import csv
import io
import tempfile
from collections import Counter

import pyreadstat
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from tests.journeys import screened as people
from tests.journeys.screened import (
    CANARY,
    ITEMS,
    ScreeningStory,
    answers,
    answers_in,
    child,
    screening,
)
from tests.journeys.screening_plans import CODE, POSITIVE
from tests.journeys.stories import Act, Made
from tests.support.callers import OWN_INSTITUTION
from tests.support.problems import assert_outcome, assert_problem


async def judge(story: ScreeningStory, single: Made) -> None:
    """Two stand by a positive result; only with consent is it told on. What was a mistake does not count."""
    one, campaign = f"/screenings/{single['id']}", f"/campaigns/{single['campaign_id']}"
    confirm = Act(f"{one}/confirm", {"consent_to_refer": True}, one)
    confirmed = await story.do(confirm, people.CONFIRMATIONS, "screening.confirmed", "screening.confirmed-positive")
    assert confirmed["confirmed_by"] == "koordynatorka-badan"
    refused = await story.too_early(confirm, people.CONFIRMATIONS, "state-conflict")
    assert (refused["state"], "annul" in refused["allowed"]) == ("confirmed", True)
    [without] = (await story.read(f"/screenings?stage=1&subject_ref={child(3)}"))["items"]
    await story.do(
        Act(f"/screenings/{without['id']}/confirm", {}, without),
        people.CONFIRMATIONS,
        "screening.confirmed",
    )
    [imported] = (await story.read(f"/screenings?stage=1&subject_ref={child(POSITIVE[0])}"))["items"]
    alone = Act(f"/screenings/{imported['id']}/confirm", {}, imported)
    refused = await story.too_early(alone, people.CONFIRMATIONS, "second-person-required", 403)
    assert refused["missing"] == ["another_person"]
    await story.do(alone, people.SECOND_CONFIRMATIONS, "screening.confirmed")
    [wrong] = (await story.read(f"/screenings?stage=1&subject_ref={child(2)}"))["items"]
    annul = Act(
        f"/screenings/{wrong['id']}/annul",
        {"reason": "wprowadzono dwa razy"},
        f"/screenings/{wrong['id']}",
    )
    await story.do(annul, people.ANNULMENTS, "screening.annulled")
    refused = await story.too_early(annul, people.ANNULMENTS, "state-conflict")
    assert (refused["state"], refused["allowed"]) == ("annulled", [])
    assert (await story.read(f"{campaign}/statistics"))["subjects"] == 62


async def study(story: ScreeningStory, campaign: str) -> str:
    """The address of a study, which says nothing before it has run and is not run of too few children."""
    asked = {
        "name": "Trafność",
        "instrument_code": CODE,
        "instrument_version": 1,
        "form_code": "OLDER",
    }
    asked |= {
        "scale_code": "TOTAL",
        "criterion_source": "stage_two",
        "campaign_id": campaign.rpartition("/")[2],
    }
    one = f"/studies/{(await story.do(Act('/studies', asked), people.STUDIES, 'study.created'))['id']}"
    story.watched += [one, f"{one}/exports"]
    early = await story.client.get(f"{one}/reliability", headers=people.RESEARCHER)
    assert assert_problem(early, 409, "study-not-ready")["missing"] == ["run"]
    await story.too_early(Act(f"{one}/exports", {}), people.EXPORTS, "state-conflict")
    run = Act(f"{one}/run", seen=one)
    refused = await story.too_early(run, people.STUDIES, "study-too-small")
    assert (refused["reason"], refused["needed"], "found" in refused) == ("children", 100, False)
    await story.do(Act(one, {"minimum_n": 20}, one, "PATCH"), people.STUDIES, "study.changed")
    job = await story.do(run, people.STUDIES, "study.started", "study.ready")
    done, _ = await story.finish(job, people.RESEARCHER)
    assert (done["n"], done["refused"]) == (62, {"dif": "other_children", "agreement": "pairs"})
    refused = assert_problem(
        await story.client.get(f"{one}/agreement", headers=people.RESEARCHER),
        409,
        "study-too-small",
    )
    assert (refused["reason"], refused["needed"], "found" in refused) == ("pairs", 20, False)
    assert (await story.read(f"{one}/reliability"))["alpha"]["value"] > 0.8
    found = await story.read(f"{one}/criterion")
    assert (found["verified"], found["naive"]["table"]) == (
        25,
        {"tp": 12, "fp": 12, "fn": 1, "tn": 0},
    )
    forbidden = await story.client.get(f"{one}/criterion", headers=people.COORDINATOR)
    assert assert_problem(forbidden, 403, "forbidden")["permission"] == "screening:studies:read"
    return one


async def export(story: ScreeningStory, one: str) -> None:
    """Files for a researcher: children have other numbers, and nothing tells who they are or what was remarked."""
    job = await story.do(Act(f"{one}/exports", {"group_size": 10}), people.EXPORTS, "study.exported")
    await story.finish(job, people.RESEARCHER)
    [made] = (await story.read(f"{one}/exports"))["items"]
    files = {}
    for each in made["files"]:
        answer = await story.client.get(each["href"].removeprefix("/v1/screening"), headers=people.RESEARCHER)
        files[each["name"]] = answer.content
        address = each["href"].removeprefix("/v1/screening")
        assert_problem(await story.client.get(address, headers=people.COORDINATOR), 403, "forbidden")
    rows = [*csv.DictReader(io.StringIO(files["data.csv"].decode("utf-8-sig")))]
    with tempfile.NamedTemporaryFile(suffix=".sav") as kept:
        kept.write(files["data.sav"])
        kept.flush()
        frame, meta = pyreadstat.read_sav(kept.name)
    assert len(rows) == len(frame) == 62
    assert {*ITEMS} <= rows[0].keys()
    assert {*ITEMS} <= {*meta.column_names}
    described = {row[0] for row in csv.reader(io.StringIO(files["codebook.csv"].decode("utf-8-sig")))}
    assert {*ITEMS} <= described
    everything = f"{files['data.csv'].decode()}{files['codebook.csv'].decode()}{frame.to_dict('list')}{meta.__dict__}"
    for secret in (
        child(1)[:23],
        people.REMARK,
        people.BIRTHDAY,
        OWN_INSTITUTION,
        CANARY,
        "2026-03-20",
    ):
        assert secret not in everything


async def pass_on(story: ScreeningStory, single: Made) -> None:
    """As a FHIR resource a screening goes out and comes back: what is answered of another child says the same."""
    one = f"/fhir/QuestionnaireResponse/{single['id']}"
    response = await story.read(one, people.SCREENER)
    QuestionnaireResponse.model_validate(response)
    forbidden = await story.client.get(one, headers=people.RESEARCHER)
    assert assert_outcome(forbidden, 403, "forbidden")["permission"] == "screening:screenings:read"
    assert_outcome(await story.client.get(one, headers=people.NEIGHBOUR), 404, "screening-not-found")
    assert answers_in(response) == answers(12), "and no remark"
    body = screening(200, 0, instrument_code=CODE, answers=answers_in(response), implementer=None)
    again = await story.do(Act("/screenings", body), people.NEW_SCREENINGS, "screening.scored")
    returned = await story.read(f"/fhir/QuestionnaireResponse/{again['id']}", people.SCREENER)
    assert (returned["item"], returned["questionnaire"]) == (
        response["item"],
        response["questionnaire"],
    )
    assert returned["subject"]["identifier"]["value"] == child(200)


async def follow(story: ScreeningStory, feed: list[Made]) -> None:
    """What of the story is told to whom: of children to who may read of them, and to an auditor who did what."""
    told = {
        who: [event["type"] for event in (await story.read("/events?limit=1000", headers))["items"]]
        for who, headers in (("follower", people.FOLLOWER), ("operator", people.OPERATOR))
    }
    of_studies = [event["type"] for event in feed if event["type"].startswith("screening.study.")]
    of_children = (
        "screening.screening.",
        "screening.campaign.subjects",
        "screening.campaign.selection",
    )
    assert Counter(told["follower"]) == Counter(story.told) - Counter(of_studies)
    assert told["operator"] == [kind for kind in told["follower"] if not kind.startswith(of_children)]
    jobs = (await story.read("/jobs", people.OPERATOR))["items"]
    assert {(job["result"], job["progress"]["total"]) for job in jobs} == {(None, None)}
    trail = await story.client.get("/audit-records?action=confirm_screening&format=csv", headers=people.AUDITOR)
    assert Counter(row["actor"] for row in csv.DictReader(io.StringIO(trail.text))) == {
        "koordynatorka-badan": 2,
        "druga-koordynatorka": 1,
    }
