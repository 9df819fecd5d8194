"""A county screens its children by a licensed instrument: from the package to the study, through the gateway.

Every step is also tried by somebody without the permission, by the same office of another county or institution, and
out of order; the refusal says what is missing and changes nothing.
"""

import csv
import io
import json
import tempfile
import uuid
from collections import Counter
from typing import Any

import pyreadstat
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from tests.journeys import screened as people
from tests.journeys.screened import CANARY, ITEMS, ScreeningStory, answers, answers_in, child, file, line, screening
from tests.journeys.stories import Act, Made
from tests.screening.instrument_packages.asks import signed
from tests.support.callers import OTHER_INSTITUTION, OWN_INSTITUTION
from tests.support.problems import assert_problem

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


async def screen_one(story: ScreeningStory, campaign: str) -> Made:
    """A carer writes down what she sees and submits it another day; nobody stands by what is not yet submitted."""
    body = new(campaign, 1, 12, sex="unknown")
    submission = body.pop("submission")
    draft = await story.do(Act("/screenings", body), people.NEW_SCREENINGS, "screening.created")
    one = f"/screenings/{draft['id']}"
    story.watched.append(one)
    refused = await story.too_early(Act(f"{one}/confirm", {}, one), people.CONFIRMATIONS, "state-conflict")
    assert (refused["state"], "submit" in refused["allowed"]) == ("draft", True)
    assert_problem(await story.client.get(f"{one}/result", headers=people.SCREENER), 409, "result-not-available")
    scored: Made = await story.do(Act(f"{one}/submit", submission, one), people.DRAFTS, "screening.scored")
    assert (scored["outcome"], scored["age_months"], scored["birth_month"]) == ("positive", 50, "2022-01-01")
    assert (await story.read(f"{one}/result"))["result"]["scales"][0]["raw"] == 12
    refused = await story.too_early(Act(f"{one}/submit", submission, one), people.DRAFTS, "state-conflict")
    assert "confirm" in refused["allowed"]
    return scored


async def screen_several(story: ScreeningStory, campaign: str) -> None:
    """Of a batch each is answered on its own; of a file good rows are taken, and bad ones named."""
    elsewhere = new(campaign, 4, 4, institution_id=OTHER_INSTITUTION)
    unselected = new(campaign, 2, 4, stage=2)
    batch = Act("/screenings:batch", {"items": [new(campaign, 2, 3), elsewhere, new(campaign, 3, 9), unselected]})
    assert_problem(await story.ask(batch, people.MANAGER), 403, "forbidden")
    made = (await story.ask(batch, people.SCREENER)).json()["items"]
    assert [(one["status"], (one["problem"] or {}).get("type")) for one in made] == [
        ("created", None),
        ("refused", "/problems/outside-scope"),
        ("created", None),
        ("refused", "/problems/subject-not-selected"),
    ]
    story.told += ["screening.screening.scored"] * 2
    rows = [line(number, answers(points)) for number, points in enumerate(IMPORTED, start=101)]
    foreign = line(161, answers(3), county_terc="2401")
    wrong = [(61, "/county_terc", "outside_scope")]
    sending = sent(campaign, 1, *rows, foreign)
    before = await story.shown(sending)
    refused, problems = await story.finish((await story.ask(sending, people.NEIGHBOUR)).json(), people.NEIGHBOUR)
    assert (refused["created"], len(problems)) == (0, 61)
    assert await story.shown(sending) == before
    job = await story.do(sending, people.IMPORTS, *["screening.scored"] * 60)
    done, problems = await story.finish(job, people.COORDINATOR)
    assert (done["created"], problems) == (60, wrong)
    again, _ = await story.finish((await story.ask(sending, people.COORDINATOR)).json(), people.COORDINATOR)
    assert (again["created"], again["unchanged"]) == (0, 60)


def sent(campaign: str, stage: int, *lines: Made) -> Act:
    """A file of the other platform for a stage of the campaign."""
    asked = f"campaign_id={campaign.rpartition('/')[2]}&stage={stage}&source=platform-{stage}"
    address = f"/screening-imports?instrument_code={CODE}&instrument_version=1&{asked}"
    return Act(address, file=file(*lines))


async def look_at_numbers(story: ScreeningStory, campaign: str) -> None:
    """Exact and as they are now to who reads the screenings, the one child of unknown sex too; to others untold."""
    numbers = await story.read(f"{campaign}/statistics?table=sex", people.COORDINATOR)
    assert (numbers["subjects"], numbers["distinct_counties"]) == (63, 1)
    shown = {row["sex"]: row["subjects"] for row in numbers["rows"]}
    assert (shown["unknown"], sum(shown.values())) == (1, 63)
    assert Counter(row["is_suppressed"] for row in numbers["rows"]) == {False: 3}
    for outsider in (people.SCREENER, people.NEIGHBOUR, people.MANAGER):
        unreleased = await story.read(f"{campaign}/funnel", outsider)
        assert (unreleased["is_live"], unreleased["in_all"]["complete"]) == (False, None)
        assert {(county["complete"], county["is_suppressed"]) for county in unreleased["by_county"]} == {(None, True)}
    funnel = await story.read(f"{campaign}/funnel", people.COORDINATOR)
    assert (funnel["target"], funnel["in_all"]["complete"], funnel["in_all"]["positive"]) == (60, 63, 27)
    assert_problem(await story.client.get(f"{campaign}/funnel"), 401, "unauthenticated")


async def select(story: ScreeningStory, campaign: str) -> None:
    """Those whom the rule names, one more for a reason, one of them taken back."""
    selections = f"{campaign}/selections"
    made = await story.do(Act(selections, {}), people.SELECTIONS, "campaign.subjects-selected")
    assert (made["selected"], made["already_selected"]) == (27, 0)
    by_hand = {"subjects": [child(NEGATIVE_BY_HAND)]}
    refused = await story.too_early(Act(selections, by_hand), people.SELECTIONS, "validation-failed", 422)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("/reason", "missing")]
    unknown = {"subjects": [child(999)], "reason": "prośba rodziców"}
    refused = await story.too_early(Act(selections, unknown), people.SELECTIONS, "validation-failed", 422)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("/subjects/0", "not_in_stage_one")]
    chosen = Act(selections, by_hand | {"reason": "prośba rodziców"})
    await story.do(chosen, people.SELECTIONS, "campaign.subjects-selected")
    [moved] = (await story.read(f"{selections}?subject_ref={child(POSITIVE[-1])}"))["items"]
    withdraw = f"{selections}/{moved['id']}/withdraw"
    unseen = Act(withdraw, {"reason": "rodzina się przeprowadza"})
    await story.too_early(unseen, people.WITHDRAWALS, "precondition-required", 428)
    back = Act(withdraw, unseen.body, moved)
    await story.do(back, people.WITHDRAWALS, "campaign.selection-withdrawn")
    await story.too_early(back, people.WITHDRAWALS, "version-mismatch", 412)


async def screen_again(story: ScreeningStory, campaign: str) -> None:
    """Stage two is for the selected. Every other imported child is found positive again."""
    for number in (101, POSITIVE[-1]):
        await story.too_early(
            Act("/screenings", new(campaign, number, 9, stage=2)), people.NEW_SCREENINGS, "subject-not-selected"
        )
    chosen = [NEGATIVE_BY_HAND, *POSITIVE[:-1]]
    rows = [line(number, answers(3 if place % 2 else 11)) for place, number in enumerate(chosen)]
    sending = sent(campaign, 2, *rows, line(102, answers(9)))
    job = await story.do(sending, people.IMPORTS, *["screening.scored"] * 25)
    done, problems = await story.finish(job, people.COORDINATOR)
    assert (done["created"], problems) == (25, [(26, "/subject_ref", "not_selected")])
    [begun] = (await story.read(f"{campaign}/selections?subject_ref={child(POSITIVE[0])}"))["items"]
    back = Act(f"{campaign}/selections/{begun['id']}/withdraw", {"reason": "pomyłka"}, begun)
    await story.too_early(back, people.WITHDRAWALS, "stage-two-begun")
    funnel = (await story.read(f"{campaign}/funnel"))["in_all"]
    assert (funnel["selected"], funnel["stage_two_complete"]) == (27, 25)


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
        Act(f"/screenings/{without['id']}/confirm", {}, without), people.CONFIRMATIONS, "screening.confirmed"
    )
    [imported] = (await story.read(f"/screenings?stage=1&subject_ref={child(POSITIVE[0])}"))["items"]
    alone = Act(f"/screenings/{imported['id']}/confirm", {}, imported)
    refused = await story.too_early(alone, people.CONFIRMATIONS, "second-person-required", 403)
    assert refused["missing"] == ["another_person"]
    await story.do(alone, people.SECOND_CONFIRMATIONS, "screening.confirmed")
    [wrong] = (await story.read(f"/screenings?stage=1&subject_ref={child(2)}"))["items"]
    annul = Act(f"/screenings/{wrong['id']}/annul", {"reason": "wprowadzono dwa razy"}, f"/screenings/{wrong['id']}")
    await story.do(annul, people.ANNULMENTS, "screening.annulled")
    refused = await story.too_early(annul, people.ANNULMENTS, "state-conflict")
    assert (refused["state"], refused["allowed"]) == ("annulled", [])
    assert (await story.read(f"{campaign}/statistics"))["subjects"] == 62


async def study(story: ScreeningStory, campaign: str) -> str:
    """The address of a study, which says nothing before it has run and is not run of too few children."""
    asked = {"name": "Trafność", "instrument_code": CODE, "instrument_version": 1, "form_code": "OLDER"}
    asked |= {"scale_code": "TOTAL", "criterion_source": "stage_two", "campaign_id": campaign.rpartition("/")[2]}
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
        await story.client.get(f"{one}/agreement", headers=people.RESEARCHER), 409, "study-too-small"
    )
    assert (refused["reason"], refused["needed"], "found" in refused) == ("pairs", 20, False)
    assert (await story.read(f"{one}/reliability"))["alpha"]["value"] > 0.8
    found = await story.read(f"{one}/criterion")
    assert (found["verified"], found["naive"]["table"]) == (25, {"tp": 12, "fp": 12, "fn": 1, "tn": 0})
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
    for secret in (child(1)[:23], people.REMARK, people.BIRTHDAY, OWN_INSTITUTION, CANARY, "2026-03-20"):
        assert secret not in everything


async def pass_on(story: ScreeningStory, single: Made) -> None:
    """As a FHIR resource a screening goes out and comes back: what is answered of another child says the same."""
    one = f"/fhir/QuestionnaireResponse/{single['id']}"
    response = await story.read(one, people.SCREENER)
    QuestionnaireResponse.model_validate(response)
    forbidden = await story.client.get(one, headers=people.RESEARCHER)
    assert assert_problem(forbidden, 403, "forbidden")["permission"] == "screening:screenings:read"
    assert_problem(await story.client.get(one, headers=people.NEIGHBOUR), 404, "screening-not-found")
    assert answers_in(response) == answers(12), "and no remark"
    body = screening(200, 0, instrument_code=CODE, answers=answers_in(response), implementer=None)
    again = await story.do(Act("/screenings", body), people.NEW_SCREENINGS, "screening.scored")
    returned = await story.read(f"/fhir/QuestionnaireResponse/{again['id']}", people.SCREENER)
    assert (returned["item"], returned["questionnaire"]) == (response["item"], response["questionnaire"])
    assert returned["subject"]["identifier"]["value"] == child(200)


async def follow(story: ScreeningStory, feed: list[Made]) -> None:
    """What of the story is told to whom: of children to who may read of them, and to an auditor who did what."""
    told = {
        who: [event["type"] for event in (await story.read("/events?limit=1000", headers))["items"]]
        for who, headers in (("follower", people.FOLLOWER), ("operator", people.OPERATOR))
    }
    of_studies = [event["type"] for event in feed if event["type"].startswith("screening.study.")]
    of_children = ("screening.screening.", "screening.campaign.subjects", "screening.campaign.selection")
    assert Counter(told["follower"]) == Counter(story.told) - Counter(of_studies)
    assert told["operator"] == [kind for kind in told["follower"] if not kind.startswith(of_children)]
    jobs = (await story.read("/jobs", people.OPERATOR))["items"]
    assert {(job["result"], job["progress"]["total"]) for job in jobs} == {(None, None)}
    trail = await story.client.get("/audit-records?action=confirm_screening&format=csv", headers=people.AUDITOR)
    assert Counter(row["actor"] for row in csv.DictReader(io.StringIO(trail.text))) == {
        "koordynatorka-badan": 2,
        "druga-koordynatorka": 1,
    }


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
