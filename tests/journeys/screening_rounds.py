"""The story of a campaign, second part: children are screened, counted, selected and screened again."""

from collections import Counter

from tests.journeys import screened as people
from tests.journeys.screened import ScreeningStory, answers, child, file, line
from tests.journeys.screening_plans import CODE, IMPORTED, NEGATIVE_BY_HAND, POSITIVE, new
from tests.journeys.stories import Act, Made
from tests.support.callers import OTHER_INSTITUTION
from tests.support.problems import assert_problem


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
